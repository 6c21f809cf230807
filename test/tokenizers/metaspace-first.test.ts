import { Tokenizer } from "orrery-lm/tokenizers";
import { Tokenizer as Reference } from "tokenizers";
import { describe, expect, test } from "vitest";

const first = { type: "Metaspace", replacement: "▁", prepend_scheme: "first", split: true };
const strip = { type: "Strip", strip_left: true, strip_right: true };

/** The file of a small BPE, with these steps before it. */
function file(normalizer: object | null, preTokenizer: object): string {
  const tokens = ["<unk>", "▁", "a", "b", "▁a", "▁b", "é"];
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: null,
    model: {
      type: "BPE",
      unk_token: "<unk>",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: ["▁ a", "▁ b"],
    },
  });
}

describe.each<[string, object | null]>([
  ["no normalizer", null],
  ["Strip", strip],
  ["NFD", { type: "NFD" }],
  ["Replace", { type: "Replace", pattern: { String: "a " }, content: "" }],
])('54 "first" is the start of what the user wrote, behind %s', (_, normalizer) => {
  test.each<[string, object]>([
    ["alone", first],
    ["cut before", { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, first] }],
  ])("%s", async (_name, preTokenizer) => {
    const text = file(normalizer, preTokenizer);
    const ours = await Tokenizer.load(new TextEncoder().encode(text));
    const theirs = Reference.fromString(text);
    for (const sentence of ["a b", " a b", "  b", "é a", "a a b", "", " "]) {
      // oxlint-disable-next-line no-await-in-loop -- few
      const ids = (await theirs.encode(sentence)).getIds();
      expect([sentence, ...ours.encode(sentence)]).toEqual([sentence, ...ids]);
      expect([sentence, ...ours.encodeFull(sentence).ids]).toEqual([sentence, ...ids]);
    }
  });
});
