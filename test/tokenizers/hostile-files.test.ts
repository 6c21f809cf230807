import { ConfigError, FormatError, type RandomStream, random } from "orrery-lm/base";
import { type LoadOptions, Tokenizer, type TokenizerSource } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { ggufFile } from "../gguf-file.ts";
import { families } from "./families.ts";

// Files of strangers: whatever stands in them, loading gives a tokenizer that works, or a FormatError
// or ConfigError that says what is wrong. Each format's own test has the messages.

// More of them by hand.
const RUNS = Number(process.env["RUNS"] ?? 1);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
const TEXT =
  "The planet's __proto__ <|end|> \u00e9\ud800 \u884c\u661f 12\n\t\ud83e\ude90 constructor";

/** What went wrong, in an error that is not ours or a tokenizer that does not work. */
async function mischief(source: TokenizerSource, options: LoadOptions = {}): Promise<unknown> {
  let tokenizer: Tokenizer;
  try {
    tokenizer = await Tokenizer.load(source, options);
  } catch (error) {
    const isOurs = error instanceof FormatError || error instanceof ConfigError;
    return isOurs && error.message.length < 2000 ? undefined : error;
  }
  try {
    use(tokenizer, TEXT);
    return undefined;
  } catch (error) {
    // What the file asks for can be impossible for a text: to be cut to fewer tokens than are added.
    return error instanceof ConfigError ? undefined : error;
  }
}

/** Everything that can be done with a text. */
function use(tokenizer: Tokenizer, text: string): void {
  const { ids } = tokenizer.encodeFull(text, text, { specialTokens: "match" });
  tokenizer.encode(text);
  tokenizer.decode(ids, { skipSpecialTokens: true });
  tokenizer.decode([...ids, 0, 1, 2, 3, tokenizer.vocabSize, 2 ** 31, 2 ** 32 - 1]);
  tokenizer.truncate(text, 3, "left");
  tokenizer.split(text, { maxTokens: tokenizer.count("") + 3, overlap: 1 });
  const stream = tokenizer.encodeStream();
  for (const part of text.split(" ")) stream.push(`${part} `);
  stream.end();
}

interface Original {
  readonly name: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly options?: LoadOptions;
  readonly beside?: Readonly<Record<string, Uint8Array>>;
}

const saved = await Promise.all(
  families.map(async (family): Promise<Original> => {
    const { name, load, format = "tokenizer.json", rules: options = {} } = family;
    const [[file, bytes]] = Object.entries((await load()).save(format)) as [[string, Uint8Array]];
    return { name, file, bytes, options };
  }),
);
const originals: readonly Original[] = [
  ...saved,
  {
    name: "merges.txt",
    file: "merges.txt",
    bytes: utf8("#version: 0.2\nt h\nth e\n"),
    beside: { "vocab.json": json({ t: 0, h: 1, e: 2, th: 3, the: 4 }) },
  },
  {
    name: "vocab.json",
    file: "vocab.json",
    bytes: json({ t: 0, h: 1, e: 2, th: 3, the: 4 }),
    beside: { "merges.txt": utf8("#version: 0.2\nt h\nth e\n") },
  },
  {
    name: "tokenizer_config.json",
    file: "tokenizer_config.json",
    bytes: json({
      chat_template: [{ name: "default", template: "{{ messages[0].content }}" }],
      bos_token: { content: "<s>", lstrip: false },
      extra_special_tokens: { image: "<i>" },
    }),
    beside: { "tokenizer.json": saved[0]!.bytes },
  },
  {
    name: "special_tokens_map.json",
    file: "special_tokens_map.json",
    bytes: json({ bos_token: "<s>", eos_token: { content: "</s>" } }),
    beside: { "tokenizer.json": saved[0]!.bytes },
  },
  { name: "vocab.txt", file: "vocab.txt", bytes: utf8("[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\n##s\n") },
  {
    name: "GGUF",
    file: "model.gguf",
    bytes: ggufFile({
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": ["t", "h", "th", "<|end|>", "<user>"],
      "tokenizer.ggml.token_type": [1, 1, 1, 3, 4],
      "tokenizer.ggml.merges": ["t h"],
      "tokenizer.ggml.bos_token_id": 3,
    }),
  },
];

describe.each(originals)("$name", ({ file, bytes, options, beside }) => {
  const load = (changed: Uint8Array): Promise<unknown> =>
    mischief({ ...beside, [file]: changed }, options);

  test("cut short", async () => {
    const step = Math.ceil(bytes.length / (40 * RUNS));
    for (let length = 0; length < bytes.length; length += step) {
      expect([length, await load(bytes.subarray(0, length))]).toEqual([length, undefined]);
    }
  });

  test("with bytes that are others", async () => {
    const stream = random(1, file);
    for (let run = 0; run < 60 * RUNS; run++) {
      const changed = bytes.slice();
      for (let i = 0; i < 1 + (run % 4); i++)
        changed[below(stream, bytes.length)] = below(stream, 256);
      expect([run, await load(changed)]).toEqual([run, undefined]);
    }
  });
});

const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  "",
  "__proto__",
  "constructor",
  "\ud800",
  "(a*)*b",
  "[",
  "\\",
  [],
  [[]],
  [1],
  ["a", "b"],
  {},
  { type: "__proto__" },
  { __proto__x: 1 },
  "a".repeat(10_000),
];

describe.each(saved.filter(({ file }) => file === "tokenizer.json"))(
  "any member of $name",
  ({ bytes }) => {
    test("that is something else", async () => {
      const whole = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
      const stream = random(2, "members");
      const paths = pathsOf(whole);
      for (let run = 0; run < 150 * RUNS; run++) {
        const path = paths[below(stream, paths.length)]!;
        const value = HOSTILE[below(stream, HOSTILE.length)];
        const changed = replaced(whole, path, value);
        expect([path, value, await mischief(json(changed))]).toEqual([path, value, undefined]);
      }
    });
  },
);

function below(stream: RandomStream, limit: number): number {
  return Math.floor(stream.uniform() * limit);
}

type Path = readonly (string | number)[];

/** All places of a JSON value, but few of long lists. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries = Object.entries(value).slice(0, 8);
  return [
    path,
    ...entries.flatMap(([key, item]) =>
      pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** A copy with another value at a place. */
function replaced(value: unknown, [key, ...rest]: Path, item: unknown): unknown {
  if (key === undefined) return item;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = replaced(copy[key], rest, item);
  return copy;
}

const words = { type: "WordLevel", vocab: { "?": 0, a: 1 }, unk_token: "?" };
const replace = (Pattern: object, content: string): object => ({
  type: "Replace",
  pattern: Pattern,
  content,
});
const splitting = (Regex: string): object => ({
  pre_tokenizer: { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
});
const added = (content: string): object => ({
  id: 7,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: false,
});
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const doubling = times(40, replace({ String: "a" }, "aa"));
const unigram = (piece: string, score: string): Uint8Array =>
  utf8(`{"model":{"type":"Unigram","unk_id":0,"vocab":[["?",0],[${piece},${score}]]}}`);
const ranks = { pattern: "gpt2" };

describe("is refused with a place", () => {
  test.each<[name: string, file: object | Uint8Array, message: string, options?: LoadOptions]>([
    [
      "a normalizer that makes a text 2^40 times as long",
      { normalizer: { type: "Sequence", normalizers: doubling } },
      "normalizer: its replacements can make a text 1.1e+12 times as long",
    ],
    [
      "one that puts something at every place",
      {
        normalizer: {
          type: "Sequence",
          normalizers: times(13, replace({ Regex: "(?=.)" }, "a")),
        },
      },
      "normalizer: its replacements",
    ],
    [
      "one that spells bytes as characters again and again",
      { normalizer: { type: "Sequence", normalizers: times(40, { type: "ByteLevel" }) } },
      "normalizer: its replacements",
    ],
    [
      "one that puts much in front",
      {
        normalizer: {
          type: "Sequence",
          normalizers: times(100, { type: "Prepend", prepend: "a".repeat(1000) }),
        },
      },
      "normalizer: it prepends 100000 characters",
    ],
    [
      "a decoder that makes a text 2^40 times as long",
      { decoder: { type: "Sequence", decoders: doubling } },
      "decoder: its replacements",
    ],
    [
      "a thousand steps that each have a large table",
      {
        pre_tokenizer: {
          type: "Sequence",
          pretokenizers: times(1000, { type: "UnicodeScripts" }),
        },
      },
      "pre_tokenizer.pretokenizers: expected at most 256 steps",
    ],
    ["an endless added token", { added_tokens: [added("a".repeat(2000))] }, "token 7: expected at"],
    ["counts of counts", splitting("((a{1,1000}){1,1000}){1,1000}"), "more than 10000 steps"],
    ["groups in groups", splitting("(".repeat(4000) + ")".repeat(4000)), "regular expression"],
    ["padding to 2^40", { padding: padding(2 ** 40) }, "padding.strategy.Fixed"],
    ["an id of 2^31", { model: { ...words, vocab: { "?": 2 ** 31 } } }, "model.vocab"],
    ["an id of 1e308", { model: { ...words, vocab: { "?": 1e308 } } }, "model.vocab"],
    [
      "merges in a circle",
      { model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2 }, merges: ["a b", "ab a", "b ab"] } },
      "model.merges[1]",
    ],
    ["NaN as a score", unigram('"a"', "NaN"), "not JSON"],
    ["an infinite score", unigram('"a"', "1e999"), "model.vocab[1]"],
    ["an array in arrays", utf8(`{"model":${"[".repeat(100_000)}`), "not JSON"],
    [
      "a Sequence in Sequences",
      utf8(
        `{"normalizer":${'{"type":"Sequence","normalizers":['.repeat(50_000)}${"]}".repeat(50_000)},"model":${JSON.stringify(words)}}`,
      ),
      "normalizer.normalizers[0]",
    ],
    ["a rank of 2^31", utf8(`YQ== 0\nYg== ${2 ** 31}\n`), "(byte", ranks],
    ["ranks that are a mile apart", utf8("YQ== 0\nYg== 4000000\n"), "", ranks],
  ])("%s", async (_name, file, message, options) => {
    const bytes = file instanceof Uint8Array ? file : json({ model: words, ...file });
    const error = await Tokenizer.load(bytes, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.length).toBeLessThan(2000);
  });
});

// What is allowed, and must stay quick.
test.each<[name: string, regex: string]>([
  ["a star of stars", "(a*)*b"],
  ["alternatives that are alike", "(a|a)*b"],
  ["a star before what never comes", "a*b"],
  ["a look to the end at every place", "a(?=.*b)"],
])("8 a pattern that explodes elsewhere, on 20,000 letters: %s", async (_name, regex) => {
  const tokenizer = await Tokenizer.load(json({ model: words, ...splitting(regex) }));
  expect(tokenizer.count("a".repeat(20_000))).toBeGreaterThan(0);
});

function padding(Fixed: number): object {
  const rest = { direction: "Right", pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0 };
  return { strategy: { Fixed }, ...rest, pad_token: "?" };
}
