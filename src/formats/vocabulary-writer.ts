import { ConfigError } from "orrery-lm/base";
import type { AddedTokenJson, TokenizerJson } from "./tokenizer-json/tokenizer-json.ts";
import { trimmedEnd } from "./trimmed-end.ts";

const VOCAB = "vocab.json";
const MERGES = "merges.txt";

/**
 * Writes the vocabulary files of a tokenizer: `vocab.json` and `merges.txt` of BPE, `vocab.txt` of
 * WordPiece, `vocab.json` of WordLevel. Added tokens are among the others there. What cuts and
 * normalizes the text is not in them.
 * @throws {ConfigError} if the model has no such files, or they cannot hold its tokens.
 */
export function serializeVocabulary({
  model,
  addedTokens,
}: TokenizerJson): Record<string, Uint8Array> {
  switch (model.type) {
    case "BPE":
      return {
        [VOCAB]: vocabJson(allTokens(model.vocab, addedTokens)),
        [MERGES]: mergesTxt(model.merges),
      };
    case "WordLevel":
      return { [VOCAB]: vocabJson(allTokens(model.vocab, addedTokens)) };
    case "WordPiece":
      return { "vocab.txt": vocabTxt(allTokens(model.vocab, addedTokens)) };
    case "SentencePiece":
    case "tiktoken":
    case "Unigram":
      throw new ConfigError(
        `save("vocab"): a model of type ${model.type} has no vocabulary files; save("tokenizer.json"), or in the format it came in`,
      );
  }
}

function allTokens(
  vocab: ReadonlyMap<string, number>,
  addedTokens: readonly AddedTokenJson[],
): ReadonlyMap<string, number> {
  const all = new Map(vocab);
  const tokens = new Map([...vocab].map(([token, id]) => [id, token]));
  for (const { content, id } of addedTokens) {
    if ((all.get(content) ?? id) !== id || (tokens.get(id) ?? content) !== content) {
      throw new ConfigError(
        `save("vocab"): the added token ${JSON.stringify(content)} with the id ${id} has the text or the id of another token; save("tokenizer.json") can hold both`,
      );
    }
    all.set(content, id);
    tokens.set(id, content);
  }
  return all;
}

function vocabJson(vocab: ReadonlyMap<string, number>): Uint8Array {
  const entries = byId(vocab).map(([token, id]) => `${JSON.stringify(token)}:${id}`);
  return new TextEncoder().encode(`{${entries.join(",")}}`);
}

function mergesTxt(merges: readonly (readonly [string, string])[]): Uint8Array {
  const lines = ["#version: 0.2"];
  for (const [left, right] of merges) {
    const line = `${left} ${right}`;
    if (/[ \r\n]/.test(left + right) || line.startsWith("#version")) {
      throw new ConfigError(
        `save("vocab"): merges.txt cannot hold the merge ${JSON.stringify([left, right])}; save("tokenizer.json") can`,
      );
    }
    lines.push(line);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function vocabTxt(vocab: ReadonlyMap<string, number>): Uint8Array {
  const lines: string[] = [];
  for (const [token, id] of byId(vocab)) {
    // A line's number is its id; readers strip blanks at its end, and a mark before the first.
    const isKept =
      trimmedEnd(token, 0, token.length) === token.length &&
      !token.includes("\n") &&
      !(id === 0 && token.startsWith("\ufeff"));
    if (id !== lines.length || !isKept) {
      throw new ConfigError(
        `save("vocab"): vocab.txt cannot hold ${JSON.stringify(token)} with the id ${id}; save("tokenizer.json") can`,
      );
    }
    lines.push(token);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function byId(vocab: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...vocab].toSorted(([, a], [, b]) => a - b);
}
