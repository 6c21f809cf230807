import { ConfigError } from "orrery-lm/base";
import { describe, expect, test } from "vitest";
import { type PlainEncodeOptions, SpecialTokenError } from "orrery-lm/tokenizers";
import { addedToken, load } from "./traps/trap.ts";

const lowercase = { type: "Lowercase" };
const ordinary = { normalized: true };

/** A tokenizer of the words "a" and "b", with these members. */
function words(members: object): ReturnType<typeof load> {
  const vocab = { "[UNK]": 0, a: 1, b: 2 };
  const model = { type: "WordLevel", vocab, unk_token: "[UNK]" };
  return load({ pre_tokenizer: { type: "Whitespace" }, model, ...members });
}

describe("a token that stands in blanks that another took along", async () => {
  const both = { lstrip: true, rstrip: true };
  const blanks = await words({ added_tokens: [addedToken(3, "  ", both)] });
  const behind = [addedToken(3, "<x>", { rstrip: true }), addedToken(4, " ", { lstrip: true })];
  const afterOther = await words({ added_tokens: behind });

  // tokenizers 0.23.2 gives the same, but fails on the last.
  test.each([
    ["is not there again", blanks, "a    a", [1, 3, 1], [1, 5]],
    ["nor is a part of it", blanks, "a     a", [1, 3, 1], [1, 6]],
    ["is not there behind another", afterOther, "<x> a", [3, 1], [4, 5]],
    ["nor ends before that one", afterOther, "<x>   a", [3, 1], [6, 7]],
  ] as const)("%s", (...row) => {
    const [, tokenizer, text, ids, offset] = row;
    const full = tokenizer.encodeFull(text);
    expect([...full.ids]).toEqual(ids);
    expect([...tokenizer.encode(text)]).toEqual(ids);
    expect(full.offsets[1]).toEqual(offset);
  });
});

test("of two tokens that normalize alike the first counts", async () => {
  const added_tokens = [addedToken(3, "<A>", ordinary), addedToken(4, "<a>", ordinary)];
  const tokenizer = await words({ normalizer: lowercase, added_tokens });
  expect([...tokenizer.encode("<a> <A>")]).toEqual([3, 3]);
});

// Each refusal names the place in the whole text, not in what another token or the normalizer left.
test.each([
  ["a raw token", {}, {}, "aaaa[X]a <eos> b"],
  ["a normalized token without normalizer", {}, ordinary, "aaaa[X]a <eos> b"],
  ["one that the normalizer makes", { normalizer: lowercase }, ordinary, "aaaa[X]a <EOS> b"],
  [
    "one behind a character of two units",
    { normalizer: lowercase },
    ordinary,
    "aa\ud83e\ude90[X]a <EOS>",
  ],
  [
    "one behind text that vanishes",
    { normalizer: { type: "Replace", pattern: { String: "a" }, content: "" } },
    ordinary,
    "aaaa[X]a <eos> b",
  ],
])("the place of %s that is refused", async (_, members, flags, text) => {
  const added_tokens = [addedToken(3, "[X]"), addedToken(4, "<eos>", { special: true, ...flags })];
  const tokenizer = await words({ ...members, added_tokens });
  const refused = expect.objectContaining({ name: "SpecialTokenError", offset: 9 });
  const options = { specialTokens: "refuse" } as const;
  expect(() => tokenizer.encode(text, options)).toThrow(refused);
  expect(() => tokenizer.encodeFull(text, undefined, options)).toThrow(refused);
  await expect(tokenizer.explain(text, options)).rejects.toThrow(refused);
  expect(() => {
    const stream = tokenizer.encodeStream(options);
    for (const unit of text) stream.push(unit);
    stream.end();
  }).toThrow(refused);
});

// As tokenizers 0.23.2.
test("a normalized token has the text that the normalizer makes of it", async () => {
  const added_tokens = [
    addedToken(3, "<FOO>", ordinary),
    addedToken(4, "<BAR>", { ...ordinary, special: true }),
    addedToken(5, "<RAW>"),
  ];
  const tokenizer = await words({ normalizer: lowercase, added_tokens });
  expect([3, 4, 5].map((id) => tokenizer.idToToken(id))).toEqual(["<foo>", "<bar>", "<RAW>"]);
  const names = ["<FOO>", "<foo>", "<RAW>"];
  expect(names.map((name) => tokenizer.tokenToId(name))).toEqual([3, undefined, 5]);
  expect(tokenizer.decode([3, 5])).toBe("<foo> <RAW>");
});

const end = { special: true };
const template = [
  { Sequence: { id: "A", type_id: 0 } },
  { SpecialToken: { id: "<end>", type_id: 0 } },
];
const ending = await words({
  added_tokens: [addedToken(3, "<end>", end)],
  post_processor: {
    type: "TemplateProcessing",
    single: template,
    pair: [...template, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: { "<end>": { id: "<end>", ids: [3], tokens: ["<end>"] } },
  },
});

// Without types, "none" may be asked for; control tokens must not match then.
const none = { specialTokens: "none" as "text" };
test.each<[string, () => unknown]>([
  ["encode", () => ending.encode("a", none)],
  ["encodeFull", () => ending.encodeFull("a", "b", none)],
  ["encodeStream", () => ending.encodeStream(none)],
  ["count", () => ending.count("a", none)],
  ["truncate", () => ending.truncate("a", 3, "left", none)],
  ["split", () => ending.split("a", { maxTokens: 3, ...none })],
])("%s refuses what specialTokens cannot be", (_, ask) => {
  expect(ask).toThrow(
    new ConfigError('specialTokens: expected one of "text", "match", "refuse", got "none"'),
  );
});

test("applyChatTemplate, encodeBatch and explain refuse what specialTokens cannot be", async () => {
  await expect(ending.encodeBatch(["a"], none)).rejects.toThrow(ConfigError);
  await expect(ending.explain("a", none)).rejects.toThrow(ConfigError);
  await expect(ending.applyChatTemplate([], { template: "x", ...none })).rejects.toThrow(
    "specialTokens: expected",
  );
});

test("truncate knows two sides", () => {
  expect(() => ending.truncate("a", 3, "middle" as "left")).toThrow(
    new ConfigError('Tokenizer.truncate: side: expected one of "left", "right", got "middle"'),
  );
});

test.each<[PlainEncodeOptions, string]>([
  [{}, "a <"],
  [{ addSpecialTokens: false }, "a <end"],
  [{ specialTokens: "match" }, "a <end>"],
  [{ specialTokens: "match", addSpecialTokens: false }, "a <end> b"],
])("truncate counts with %o", (options, head) => {
  expect(ending.truncate("a <end> b", 3, "right", options)).toBe(head);
});

test.each<[PlainEncodeOptions, string[]]>([
  [{ specialTokens: "match" }, ["a ", "<end> ", "b"]],
  [{ specialTokens: "match", addSpecialTokens: false }, ["a <end> ", "b"]],
])("split counts with %o", (options, chunks) => {
  const parts = ending.split("a <end> b", { maxTokens: 2, ...options });
  expect(parts.map(({ text }) => text)).toEqual(chunks);
});

test("texts that are cut can be refused", () => {
  const refuse = { specialTokens: "refuse" } as const;
  expect(() => ending.truncate("a <end>", 3, "right", refuse)).toThrow(SpecialTokenError);
  expect(() => ending.split("a <end>", { maxTokens: 2, ...refuse })).toThrow(SpecialTokenError);
});
