import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Tokenizer } from "orrery-lm/tokenizers";
import type { Tiktoken as TiktokenClass } from "tiktoken";
import { Tokenizer as Reference } from "tokenizers";
import { sharedData } from "../../shared-data.ts";

/** A tokenizer of ours and the same one of a reference library. */
export interface Subject {
  readonly name: string;
  /** Tokens that stand in texts now and then. */
  readonly specials: readonly string[];
  /** What ours says: ids, and the text that they decode to. */
  readonly ours: (texts: readonly string[]) => Promise<readonly Answer[]>;
  readonly theirs: (texts: readonly string[]) => Promise<readonly Answer[]>;
}

/** What a library says about a text. */
export interface Answer {
  readonly ids: readonly number[];
  readonly decoded: string;
  /** In code points, where the library has them. */
  readonly offsets?: readonly (readonly [number, number])[];
}

const root = join(import.meta.dirname, "../../..");
const match = { addSpecialTokens: false, specialTokens: "match" } as const;

/** Every tokenizer that is here: those of our own goldens always, real ones if they are beside us. */
export async function findSubjects(): Promise<Subject[]> {
  const shared = ["gpt2", "phi-2", "bert-base-uncased", "t5-small", "mistral-v1"].map((name) => ({
    name,
    path: sharedData(`tokenizers/${name}/tokenizer.json`),
  }));
  const texts: (readonly [string, string])[] = [
    ["our byte-level BPE", ownGolden("byte-level-bpe.json").written as string],
    ...shared.flatMap(({ name, path }) =>
      path === undefined ? [] : [[name, readFileSync(path, "utf8")] as const],
    ),
  ];
  const subjects = await Promise.all(texts.map(([name, text]) => jsonSubject(name, text)));
  const own = ownGolden("tiktoken-ranks.json");
  subjects.push(
    await ranksSubject("our rank file", own.ranks as string, {
      pattern: CL100K,
      specialTokens: own.specialTokens as Record<string, number>,
    }),
  );
  for (const name of ["cl100k_base", "whisper-multilingual"]) {
    const meta = sharedData(`tokenizers/${name}/meta.json`);
    if (meta === undefined) continue;
    const [file] = JSON.parse(readFileSync(meta, "utf8")).files;
    const ranks = readFileSync(sharedData(`tokenizers/${name}/${file.file}`)!, "utf8");
    const rules = { pattern: file.pattern, specialTokens: file.special_tokens };
    // One after the other: each takes memory while it is built.
    // oxlint-disable-next-line no-await-in-loop
    subjects.push(await ranksSubject(name, ranks, rules));
  }
  return subjects;
}

const CL100K =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

function ownGolden(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, "goldens/tokenizers", file), "utf8"));
}

/** Hugging Face `tokenizers`. */
async function jsonSubject(name: string, text: string): Promise<Subject> {
  const ours = await Tokenizer.load(new TextEncoder().encode(text));
  const theirs = Reference.fromString(text);
  const addedTokens = JSON.parse(text).added_tokens as { content: string }[];
  return {
    name,
    specials: addedTokens.slice(0, 20).map(({ content }) => content),
    ours: async (texts) =>
      texts.map((one) => {
        const ids = ours.encode(one, match);
        const full = ours.encodeFull(one, undefined, { ...match, offsetUnit: "codepoint" });
        // The fast way and the one that follows offsets must agree too.
        if (ids.join() !== full.ids.join()) return { ids: [-1, ...ids], decoded: "" };
        return { ids: [...ids], decoded: ours.decode(ids), offsets: full.offsets };
      }),
    theirs: async (texts) => {
      const encodings = await theirs.encodeBatch([...texts], { addSpecialTokens: false });
      const ids = encodings.map((encoding) => encoding.getIds());
      const decoded = await theirs.decodeBatch(ids, false);
      return ids.map((list, i) => ({
        ids: list,
        decoded: decoded[i]!,
        offsets: encodings[i]!.getOffsets().map(([start, end]) => [start!, end!] as const),
      }));
    },
  };
}

interface RankRules {
  readonly pattern: string;
  readonly specialTokens: Record<string, number>;
}

/** OpenAI's tiktoken. */
async function ranksSubject(name: string, ranks: string, rules: RankRules): Promise<Subject> {
  const ours = await Tokenizer.load(new TextEncoder().encode(ranks), rules);
  // Its ES module wants a bundler that loads WASM.
  const { Tiktoken } = createRequire(import.meta.url)("tiktoken") as {
    Tiktoken: typeof TiktokenClass;
  };
  // Whisper's file has an empty token, spelled "=", which only Python reads; no text has it.
  const lines = ranks
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("= "));
  const table = lines.map((line) => line.replace(/^(\S+) (\d+)$/, "! $2 $1")).join("\n");
  const theirs = new Tiktoken(table, rules.specialTokens, rules.pattern);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return {
    name,
    specials: Object.keys(rules.specialTokens),
    ours: async (texts) =>
      texts.map((one) => {
        const ids = ours.encode(one, match);
        const full = ours.encodeFull(one, undefined, match);
        if (ids.join() !== full.ids.join()) return { ids: [-1, ...ids], decoded: "" };
        return { ids: [...ids], decoded: ours.decode(ids) };
      }),
    theirs: async (texts) =>
      texts.map((one) => {
        const ids = theirs.encode(one, "all");
        return { ids: [...ids], decoded: decoder.decode(theirs.decode(ids)) };
      }),
  };
}
