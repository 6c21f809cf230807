/**
 * The published patterns that cut text into pieces, by name. They are spelled so that they mean the
 * same to Oniguruma (`tokenizers`) and to Rust's regular expressions (`tiktoken`), without possessive
 * quantifiers.
 */

import type { PreTokenizerJson } from "./tokenizer-json/pre-tokenizers.ts";

const SPACES = String.raw`\s+(?!\S)|\s+`;
const LINES = String.raw`\s*[\r\n]+`;
const SYMBOLS = String.raw` ?[^\s\p{L}\p{N}]+`;
const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const UPPER = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const LOWER = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;

const GPT2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+|${SYMBOLS}|${SPACES}`;

/** GPT-4's, with runs of digits cut into so many. */
function cl100k(digits: string): string {
  return String.raw`${CONTRACTION}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}|${SYMBOLS}[\r\n]*|${LINES}|${SPACES}`;
}

/** GPT-4o's: words end where a small letter is followed by a capital one. */
function o200k(digits: string, contraction: string): string {
  const start = String.raw`[^\r\n\p{L}\p{N}]?`;
  const words = `${start}${UPPER}*${LOWER}+${contraction}|${start}${UPPER}+${LOWER}*${contraction}`;
  return String.raw`${words}|${digits}|${SYMBOLS}[\r\n/]*|${LINES}|${SPACES}`;
}

const DEEPSEEK_V3 = [
  String.raw`\p{N}{1,3}`,
  "[一-龥぀-ゟ゠-ヿ]+",
  String.raw`[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_${"`"}{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|${LINES}|${SPACES}`,
];

/**
 * Patterns by name; a text is cut at the matches of the first, each part at those of the second, and so
 * on. Special tokens are not implied: they differ between models that share a pattern, such as those
 * of GPT-4 (`<|endoftext|>` is 100257) and Llama 3.
 *
 * - `gpt2`, `r50k`, `p50k`: GPT-2, GPT-3, Codex, Whisper
 * - `cl100k`, `llama3`: GPT-3.5, GPT-4, Llama 3
 * - `o200k`: GPT-4o, o1, GPT-5, gpt-oss
 * - `qwen2`: Qwen 1 to 3
 * - `deepseek-v3`: DeepSeek V3 and R1
 * - `tekken`: Mistral Nemo and later
 * - `starcoder`: StarCoder, Command R, SmolLM: GPT-2's, with every digit a piece of its own
 *
 * @see https://github.com/openai/tiktoken, tiktoken_ext/openai_public.py
 */
export const SPLIT_PATTERNS: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map<
  string,
  readonly string[]
>([
  ["gpt2", [GPT2]],
  ["r50k", [GPT2]],
  ["p50k", [GPT2]],
  ["cl100k", [/* @__PURE__ */ cl100k(String.raw`\p{N}{1,3}`)]],
  ["llama3", [/* @__PURE__ */ cl100k(String.raw`\p{N}{1,3}`)]],
  ["qwen2", [/* @__PURE__ */ cl100k(String.raw`\p{N}`)]],
  ["o200k", [/* @__PURE__ */ o200k(String.raw`\p{N}{1,3}`, `${CONTRACTION}?`)]],
  ["tekken", [/* @__PURE__ */ o200k(String.raw`\p{N}`, "")]],
  ["deepseek-v3", DEEPSEEK_V3],
  ["starcoder", [String.raw`\p{N}`, GPT2]],
]);

/**
 * The pre-tokenizer of byte-level vocabularies that cuts at the matches of patterns, one after the
 * other. Of a single pattern that is not one of the published ones, only the matches are kept, as
 * tiktoken does; the published ones match everything.
 */
export function splitAtPatterns(patterns: readonly string[]): PreTokenizerJson {
  const published = [...SPLIT_PATTERNS.values()].flat();
  const keepsRest = patterns.length > 1 || patterns.some((regex) => published.includes(regex));
  return {
    type: "Sequence",
    pretokenizers: [
      ...patterns.map((regex): PreTokenizerJson => ({
        type: "Split",
        pattern: { regex },
        behavior: keepsRest ? "Isolated" : "Removed",
        invert: !keepsRest,
      })),
      { type: "ByteLevel", addPrefixSpace: false, trimOffsets: true, useRegex: false },
    ],
  };
}
