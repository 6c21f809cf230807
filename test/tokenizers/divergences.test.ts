import { FormatError } from "orrery-lm/base";
import { expect, test } from "vitest";
import { addedToken, bpe, cut, load, normalize, splitAt, tokensOf } from "./traps/trap.ts";

// Where we differ on purpose from tokenizers 0.23.2, and why. Those that need more of the reference to be
// seen stand where it is: truncation (golden of truncation: it compares lengths that it has cut
// already, and loses what overflows), files (golden of tokenizer.json: members that are missing), the
// tokenizer.json of a SentencePiece model (convert.test.ts), sequence ids (golden of components).

/** "refused", if loading gives a FormatError. */
async function outcome(json: object): Promise<string> {
  return load(json).then(
    () => "loaded",
    (error: unknown) => (error instanceof FormatError ? "refused" : String(error)),
  );
}

const words = { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" };
const template = {
  type: "TemplateProcessing",
  single: [{ Sequence: { id: "A", type_id: 0 } }],
  pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
  special_tokens: {},
};

test.each<[name: string, theirs: string, actual: () => unknown, ours: unknown]>([
  [
    "an unknown token that is no token",
    "encoding fails; user text must not",
    () => tokensOf("axb", bpe(["a", "b"], [], { unk_token: "<none>" })),
    ["a", "b"],
  ],
  [
    "a Prepend of nothing before another normalizer",
    "it panics",
    () =>
      normalize("AB", {
        type: "Sequence",
        normalizers: [{ type: "Prepend", prepend: "" }, { type: "Lowercase" }],
      }),
    "ab",
  ],
  [
    "OnlyFirst, and the first text is too short for the cut",
    "encoding fails; here the other is cut too",
    async () => {
      const tokenizer = await load({ ...bpe(["a", "b"], []), post_processor: template });
      const truncation = { maxLength: 2, strategy: "OnlyFirst" } as const;
      return [...tokenizer.encodeFull("a", "bbbb", { truncation }).ids];
    },
    [1, 1],
  ],
  [
    "an added token of more than 1024 characters",
    "it is looked for, in time that grows with its length",
    () => outcome({ model: words, added_tokens: [addedToken(1, "x".repeat(1025))] }),
    "refused",
  ],
  [
    "normalizers that make a text more than 256 times as long",
    "memory runs out",
    () =>
      outcome({
        model: words,
        normalizer: { type: "Replace", pattern: { String: "a" }, content: "a".repeat(257) },
      }),
    "refused",
  ],
  [
    "back-references",
    "they are followed, which takes exponential time",
    () => outcome({ model: words, pre_tokenizer: splitAt(String.raw`(a)\1`) }),
    "refused",
  ],
  [
    "a pattern that explodes",
    "it panics, at a limit of tries",
    () => cut("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", splitAt("(a|a)*c|b")),
    ["a".repeat(36), "b"],
  ],
  [
    "special tokens in the text",
    "they are matched unless it is told otherwise; here it is told when they shall be",
    async () => {
      const added_tokens = [addedToken(1, "<x>", { special: true })];
      const tokenizer = await load({ model: words, added_tokens });
      return [...tokenizer.encode("<x>")];
    },
    [0],
  ],
])("%s (there: %s)", async (_name, _theirs, actual, ours) => {
  expect(await actual()).toEqual(ours);
});
