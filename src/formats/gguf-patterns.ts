/**
 * What a GGUF file of byte-level BPE means by the name in `tokenizer.ggml.pre`. llama.cpp knows the
 * pattern, not the file.
 *
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-vocab.cpp
 */
export interface GgufPattern {
  /** A name in {@link SPLIT_PATTERNS}. */
  readonly pattern: string;
  /** A piece that is a token as a whole gets its id, without merging. */
  readonly ignoreMerges: boolean;
  /** Whether a start token is added where the file does not say. */
  readonly addsBos: boolean;
}

const NAMES: readonly (readonly [pattern: string, names: string])[] = [
  [
    "gpt2",
    "gpt-2 phi-2 mpt olmo jais jina-es jina-de jina-v1-en jina-v2-es jina-v2-de jina-v2-code roberta-bpe exaone4 gigachat mellum trillion granite-docling",
  ],
  ["starcoder", "starcoder refact command-r smollm codeshell exaone minerva-7b"],
  ["llama3", "dbrx smaug-bpe glm4 chatglm-bpe"],
  ["qwen2", "qwen2 stablelm2 deepseek-r1-qwen megrez hunyuan grok-2"],
  ["o200k", "gpt-4o llama4 minimax-m2"],
  ["deepseek-v3", "deepseek-v3 hunyuan-dense"],
];
const LLAMA3_NAMES = "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral lfm2";

/** By the name in the file. */
export const GGUF_PATTERNS: ReadonlyMap<string, GgufPattern> = /* @__PURE__ */ makePatterns();

function makePatterns(): ReadonlyMap<string, GgufPattern> {
  const patterns = new Map<string, GgufPattern>();
  for (const [pattern, names] of NAMES) {
    for (const name of names.split(" ")) {
      patterns.set(name, { pattern, ignoreMerges: false, addsBos: false });
    }
  }
  for (const name of LLAMA3_NAMES.split(" ")) {
    patterns.set(name, { pattern: "llama3", ignoreMerges: true, addsBos: true });
  }
  patterns.set("tekken", { pattern: "tekken", ignoreMerges: true, addsBos: true });
  return patterns;
}
