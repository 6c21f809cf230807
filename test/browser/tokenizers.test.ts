import { trainTokenizer } from "orrery-lm/tokenizers";
import { expect, it } from "vitest";
import { portableFamilies } from "../tokenizers/portable-families.ts";
import { describeInChromium } from "./chromium.ts";

const corpus = [
  "The sun stands still; the planets turn around the sun.",
  "Die Sonne steht, die Planeten drehen sich: größer, kleiner, weiter.",
  "太陽は動かない。惑星が回る。",
];
const texts = [
  "",
  "the sun and the planets",
  "größer\r\n\tweiter   ",
  "太陽 turns 👩‍🚀 around",
  "e\u0301 \u0000 it's 2026",
  " ".repeat(1000),
];

describeInChromium("tokenizers in Chromium", (browser) => {
  it("give the ids of Node, loaded from bytes and trained", async () => {
    const vocabSize = 300;
    const tokenizer = await trainTokenizer(corpus, { vocabSize });
    const tokenizerJson = [...tokenizer.save("tokenizer.json")["tokenizer.json"]!];
    const ids = texts.map((text) => [...tokenizer.encode(text)]);
    const page = "test/browser/pages/tokenizers.ts";
    const result = await browser().run(page, { tokenizerJson, corpus, vocabSize, texts });
    expect(result).toEqual({ loaded: ids, trained: ids, decoded: texts });
  });

  it("answer in every family as in Node", async () => {
    const families = await portableFamilies();
    const answers = await browser().run("test/browser/pages/families.ts", families);
    const named = families.map(({ name }, i) => [name, (answers as unknown[])[i]]);
    expect(named).toEqual(families.map((family) => [family.name, family.answers]));
  });
});
