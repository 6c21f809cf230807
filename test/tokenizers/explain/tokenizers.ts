import { readFileSync } from "node:fs";
import { type ExplainedPiece, type Explanation, Tokenizer } from "orrery-lm/tokenizers";

/** What a generator of goldens wrote. */
// oxlint-disable-next-line typescript/no-explicit-any -- the shapes are those of the generators
export function readGolden(name: string): any {
  return JSON.parse(
    readFileSync(new URL(`../../../goldens/tokenizers/${name}.json`, import.meta.url), "utf8"),
  );
}

/** Loads a `tokenizer.json`; what is left out is null. */
export function loadJson(file: object): Promise<Tokenizer> {
  const json = { added_tokens: [], pre_tokenizer: null, decoder: null, ...file };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

/** Loads our rank file. */
export function loadRanks(pattern: string): Promise<Tokenizer> {
  const ranks = new TextEncoder().encode(readGolden("tiktoken-ranks").ranks);
  return Tokenizer.load(ranks, { pattern, specialTokens: { "<|end|>": 600 } });
}

/** The pieces of a text. */
export function piecesOf({ sections }: Explanation): readonly ExplainedPiece[] {
  return sections.flatMap((section) =>
    section.type === "text" ? section.parts.filter((part) => part.type === "piece") : [],
  );
}
