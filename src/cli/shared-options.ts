/** Options that several commands have. */

export const jsonOption = {
  json: { type: "flag", help: "print JSON, for machines" },
} as const;

export const experimentOptions = {
  fresh: { type: "flag", help: "remove the results in the folder and begin anew" },
  replace: { type: "flag", help: "do so only if they were made with other settings" },
} as const;

export const lossyOption = {
  lossy: { type: "flag", help: "replace what is not UTF-8 by U+FFFD instead of refusing it" },
} as const;

export const runtimeOptions = {
  runtime: {
    type: "choice",
    choices: ["native", "wasm"],
    help: "where programs run [native, else wasm]",
  },
  threads: { type: "whole", value: "N", help: "threads in an operation [as many as cores]" },
} as const;

export const tokenizerOption = {
  tokenizer: {
    type: "text",
    value: "PATH",
    isRequired: true,
    help: "a tokenizer in any format (tokenizer.json, .model, .tiktoken, …), or a folder that has one",
  },
} as const;
