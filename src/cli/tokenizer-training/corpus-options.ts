/** Options of commands that read texts to learn from. */
export const corpusOptions = {
  field: {
    type: "text",
    value: "NAME",
    help: "the field of JSON Lines, or the column of Parquet, that has the text [text]",
  },
  jsonl: { type: "flag", help: "read JSON Lines, also where the name does not end in .jsonl" },
  "max-words": {
    type: "whole",
    value: "N",
    min: 2,
    help: "hold N different words; beyond, the rare ones are dropped, which is told [no limit]",
  },
  workers: {
    type: "whole",
    value: "N",
    min: 1,
    help: "count words in N threads; the result is the same [1]",
  },
} as const;

/** What the FILE of such a command can be, for its help. */
export const CORPUS_HELP: string = [
  "A FILE is text, of which each line is a text that no token crosses the end of; JSON Lines",
  "(.jsonl, .ndjson); either of them zipped (.gz); or .parquet. It may be a pattern: 'data/**/*.txt'.",
].join("\n");
