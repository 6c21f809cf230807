import type { Tokenizer } from "orrery-lm/tokenizers";
import { expect, test } from "vitest";
import { load } from "./traps/trap.ts";

function stripping(start: number, stop: number): Promise<Tokenizer> {
  const strip = { type: "Strip", content: "-", start, stop };
  return load({
    decoder: { type: "Sequence", decoders: [{ type: "Fuse" }, strip] },
    model: { type: "WordLevel", vocab: { "-": 0, a: 1, "--": 2, "a-": 3 }, unk_token: "a" },
  });
}

test.each([
  [0, 2, "----a---", "----a-"],
  [0, 2, "a-a--a", "a-a--a"],
  [1, 3, "-a-a----", "a-a-"],
  [2, 2, "-----", "-"],
  [0, 9, "---", ""],
])("cuts %i from the start and %i from the end of %s, in one portion or many", async (...row) => {
  const [start, stop, text, stripped] = row;
  const tokenizer = await stripping(start, stop);
  for (const tokens of [Array.from(text), text.match(/a-|--|-|a/g)!]) {
    const ids = tokens.map((token) => tokenizer.tokenToId(token)!);
    const stream = tokenizer.decodeStream();
    expect(ids.map((id) => stream.push([id])).join("") + stream.end()).toBe(stripped);
    expect(tokenizer.decode(ids)).toBe(stripped);
  }
});

test("a stream of what may be cut takes no quadratic time", async () => {
  const stream = (await stripping(0, 1e9)).decodeStream();
  let text = stream.push([1]);
  for (let i = 0; i < 300_000; i++) text += stream.push([0]);
  text += stream.push([1]) + stream.end();
  expect(text.length).toBe(300_002);
}, 30_000);
