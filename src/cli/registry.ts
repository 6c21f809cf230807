import type { Command } from "./command.ts";

/** A command as the list of commands knows it: loaded only when it is asked for. */
export interface RegistryEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: Command }>;
}

/** Every command by its name; a name of two words is a command of a group. */
export const registry: Readonly<Record<string, RegistryEntry>> = {
  "train-tokenizer": {
    summary: "learn a tokenizer from text: BPE, WordPiece, Unigram",
    load: () => import("./commands/train-tokenizer.ts"),
  },
  "count-words": {
    summary: "count words: the first half of learning a tokenizer, in parts",
    load: () => import("./commands/count-words.ts"),
  },
  encode: {
    summary: "turn text into token ids",
    load: () => import("./commands/encode.ts"),
  },
  decode: {
    summary: "turn token ids into text",
    load: () => import("./commands/decode.ts"),
  },
  tokens: {
    summary: "show the tokens of a text, count them, compare tokenizers",
    load: () => import("./commands/tokens.ts"),
  },
  train: {
    summary: "train a decoder, or go on with a run",
    load: () => import("./commands/train.ts"),
  },
  eval: {
    summary: "measure how well a model predicts a text, at any length",
    load: () => import("./commands/eval.ts"),
  },
  generate: {
    summary: "let a model continue a text",
    load: () => import("./commands/generate.ts"),
  },
  inspect: {
    summary: "explain a model: parts, parameters, work and memory; compare two",
    load: () => import("./commands/inspect.ts"),
  },
  models: {
    summary: "say which published models are built how, and how that is known",
    load: () => import("./commands/models.ts"),
  },
  export: {
    summary: "write a model as ONNX, for onnxruntime and transformers.js",
    load: () => import("./commands/export.ts"),
  },
  lab: {
    summary: "list the experiments",
    load: () => import("./commands/lab.ts"),
  },
  "lab extrapolation": {
    summary: "which position encoding survives length?",
    load: () => import("./commands/lab-extrapolation.ts"),
  },
  "lab tokenizers": {
    summary: "BPE, WordPiece or Unigram: which needs fewer tokens?",
    load: () => import("./commands/lab-tokenizers.ts"),
  },
};
