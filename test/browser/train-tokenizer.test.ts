import { generateStories } from "orrery-lm/lab";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import { expect, it } from "vitest";
import { describeInChromium } from "./chromium.ts";

const page = "test/browser/pages/train-in-worker.ts";
const texts = [...splitLines(generateStories(5, 20_000)), "太陽は動かない。größer \uFFFD\n"];
const vocabSize = 400;

describeInChromium("learning in a Web Worker in Chromium", (browser) => {
  it("gives the tokenizer that Node learns, and tells how far it has come", async () => {
    const learned = await trainTokenizer(texts, { vocabSize });
    const json = new TextDecoder().decode(learned.save("tokenizer.json")["tokenizer.json"]);
    const training = { texts, vocabSize, isUnending: false };
    expect(await browser().run(page, training)).toEqual({ notes: ["reading", "merging"], json });
  });

  it("stops when it is told to", async () => {
    const training = { texts, vocabSize, isUnending: true };
    expect(await browser().run(page, training)).toEqual({
      notes: ["reading"],
      error: "Error: stopped",
    });
  });
});
