import { Tokenizer, UNICODE_VERSION } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { golden, loadWith } from "./golden.ts";

// The traps that the reference can show are cases of the golden (golden.test.ts). These are the rest:
// those of JavaScript, and those of our own options.

const tokenizer = await Tokenizer.load(new TextEncoder().encode(golden.written));
const flagged = await loadWith(
  golden.cases.find(({ name }) => name === "34 flags of added tokens")!.changes,
);
const many = Array.from({ length: 20_000 }, (_, i) => ({
  ...JSON.parse(golden.written).added_tokens[0],
  id: 340 + i,
  content: `<extra_${i}>`,
}));

test.each<[trap: string, actual: () => unknown, expected: unknown]>([
  ["1 the Unicode tables have a version", () => UNICODE_VERSION, "16.0"],
  [
    "33 a million letters, and a million blanks, take no quadratic time",
    () => [tokenizer.count("ab".repeat(500_000)) > 0, tokenizer.count(" ".repeat(1_000_000)) > 0],
    [true, true],
  ],
  [
    "34 spaces that many tokens take along take no quadratic time",
    () => flagged.count(`${" ".repeat(100_000)}[LR]`.repeat(3)) > 0,
    true,
  ],
  [
    "36 20,000 added tokens load and match",
    async () => [
      ...(await loadWith({ added_tokens: many })).encode("<extra_19999><extra_1>", {
        specialTokens: "match",
      }),
    ],
    [20_339, 341],
  ],
  [
    "39 special tokens are plain text by default",
    () => tokenizer.encode("<|end|>").includes(0),
    false,
  ],
  [
    "39 other added tokens match in any mode",
    () => [...flagged.encode("<x><x>", { specialTokens: "text" })],
    [340, 340],
  ],
  [
    "68 lone surrogates are U+FFFD",
    () => tokenizer.encode("\ud800x\udc00"),
    tokenizer.encode("\ufffdx\ufffd"),
  ],
  [
    "69 a byte order mark survives",
    () => tokenizer.decode(tokenizer.encode("\ufeffa\ufeff")),
    "\ufeffa\ufeff",
  ],
  [
    "70 names of Object.prototype are no tokens",
    () => ["constructor", "__proto__"].map((t) => tokenizer.tokenToId(t)),
    [undefined, undefined],
  ],
  [
    "74 a million ids decode",
    () => tokenizer.decode(new Uint32Array(1_000_000).fill(65)).length,
    1_000_000,
  ],
])("%s", async (_name, actual, expected) => {
  expect(await actual()).toEqual(expected);
});

describe("71 offsets count what they are asked to", () => {
  test.each([
    ["é🪐x", "utf16", [1, 3, 4]],
    ["é🪐x", "codepoint", [1, 2, 3]],
    ["é🪐x", "byte", [2, 6, 7]],
    ["\ud800x", "utf16", [1, 2]],
    ["\ud800x", "codepoint", [1, 2]],
    ["\ud800x", "byte", [3, 4]],
  ] as const)("%j in %s", (text, offsetUnit, ends) => {
    const { offsets } = tokenizer.encodeFull(text, undefined, { offsetUnit });
    expect([...new Set(offsets.map(([, end]) => end))]).toEqual(ends);
    expect(offsets[0]![0]).toBe(0);
  });
});
