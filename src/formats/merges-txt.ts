import { FormatError } from "orrery-lm/base";
import { MAX_MERGES } from "./tokenizer-json/read-bpe.ts";

/**
 * Reads merges, "a b" each. A line that starts with "#version" is skipped wherever it stands, as in
 * Hugging Face `tokenizers`, so no merge can start so.
 * @param where what errors call the list
 * @throws {FormatError} if there are too many, a line is not two tokens with a blank between, or a part or the union of the
 * two is not in the vocabulary.
 */
export function mergesOfLines(
  lines: readonly string[],
  vocab: ReadonlyMap<string, number>,
  where: string,
): readonly (readonly [left: string, right: string])[] {
  if (lines.length > MAX_MERGES) {
    throw new FormatError(where, `expected at most ${MAX_MERGES} merges, got ${lines.length}`);
  }
  const merges: (readonly [string, string])[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.startsWith("#version")) continue;
    const parts = line.split(" ");
    const [left, right] = parts;
    const fail = (message: string): never => {
      throw new FormatError(
        where,
        `line ${i + 1}, ${JSON.stringify(line.slice(0, 60))}: ${message}`,
      );
    };
    if (left === undefined || right === undefined || parts.length !== 2) {
      return fail("expected two tokens with a blank between");
    }
    for (const token of [left, right, left + right]) {
      if (!vocab.has(token)) fail(`${JSON.stringify(token)} is not in the vocabulary`);
    }
    merges.push([left, right]);
  }
  return merges;
}
