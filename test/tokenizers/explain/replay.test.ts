import { readFileSync } from "node:fs";
import { generateStories } from "orrery-lm/lab";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { nastyStrings } from "../../nasty-strings.ts";
import { sharedData } from "../../shared-data.ts";
import { makeRandomTexts } from "../differential/random-texts.ts";
import { golden, loadWith } from "../golden.ts";
import { loadModel, sentencePieceCases } from "../sentencepiece-golden-models.ts";
import { faultsOf } from "./replay.ts";
import { loadJson, loadRanks, readGolden } from "./tokenizers.ts";

type Load = () => Promise<Tokenizer>;

const named = <T extends { readonly name: string }>(
  rows: readonly T[],
  load: (row: T) => unknown,
) => rows.map((row) => [row.name, () => load(row)] as [string, Load]);

const ours: [name: string, load: Load][] = [
  ...named(golden.cases, ({ changes }) => loadWith(changes)),
  ...["gpt2", "cl100k", "o200k", "qwen2", "deepseek-v3", "starcoder"].map(
    (pattern): [string, Load] => [`ranks, ${pattern}`, () => loadRanks(pattern)],
  ),
  ...named(sentencePieceCases, (one) => loadModel(one)),
  ["BERT", () => loadJson(readGolden("bert").written)],
  ...named(readGolden("bpe-pipelines").tokenizers as { name: string; file: object }[], ({ file }) =>
    loadJson(file),
  ),
  ...named(
    readGolden("character-bpe").cases as { name: string; model: object; split: boolean }[],
    ({ model, split }) =>
      loadJson({ pre_tokenizer: split ? { type: "WhitespaceSplit" } : null, model }),
  ),
  ...named(readGolden("components").encodes as { name: string; file: object }[], ({ file }) =>
    loadJson(file),
  ),
];

const shared = [
  "gpt2/tokenizer.json",
  "phi-2/tokenizer.json",
  "bert-base-uncased/tokenizer.json",
  "mistral-v1/tokenizer.json",
  "mistral-v1/tokenizer.model",
  "t5-small/tokenizer.json",
  "albert-base-v1/spiece.model",
  "test_sentencepiece/test_sentencepiece.model",
].flatMap((file): [string, Load][] => {
  const path = sharedData(`tokenizers/${file}`);
  return path === undefined ? [] : [[file, () => Tokenizer.load(path)]];
});

for (const [name, file] of [
  ["cl100k_base", "cl100k_base.tiktoken"],
  ["whisper-multilingual", "multilingual.tiktoken"],
] as const) {
  const path = sharedData(`tokenizers/${name}/${file}`);
  if (path === undefined) continue;
  const meta = JSON.parse(readFileSync(sharedData(`tokenizers/${name}/meta.json`)!, "utf8"));
  const { pattern, special_tokens: specialTokens } = meta.files[0];
  shared.push([file, () => Tokenizer.load(path, { pattern, specialTokens })]);
}

const samples = generateStories(1, 20_000);

describe("steps lead to the ids of encode", () => {
  test.each([...ours, ...shared])("%s", async (_, load) => {
    const tokenizer = await load();
    const specials = ["<|end|>", "<pad>", "[MASK]", "</s>", "<unk>"];
    const makeText = makeRandomTexts(20_261_124, { samples, specials });
    const texts = Array.from({ length: 30 }, (_each, i) => makeText(i));
    for (const [, text] of nastyStrings) if (text.length < 1000) texts.push(text);
    texts.push("<0x41><unk><unk>x");
    for (const text of texts) {
      for (const specialTokens of ["text", "match"] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one text after the other
        const explanation = await tokenizer.explain(text, { specialTokens });
        expect({ text, faults: faultsOf(tokenizer, explanation) }).toEqual({ text, faults: [] });
        const { ids, tokens, offsets } = tokenizer.encodeFull(text, undefined, {
          specialTokens,
          truncation: false,
          padding: false,
        });
        expect({
          ids: explanation.tokens.map(({ id }) => id),
          tokens: explanation.tokens.map(({ token }) => token),
          offsets: explanation.tokens.map(({ start, end }) => [start, end]),
        }).toEqual({ ids: [...ids], tokens, offsets });
      }
    }
  });
});
