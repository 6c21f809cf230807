import { compareCodePoints } from "orrery-lm/base";
import { expect, test } from "vitest";

test("compareCodePoints is the order of UTF-8 bytes", () => {
  const texts = [
    "",
    "a",
    "ab",
    "b",
    "é",
    "\u{d7ff}",
    "\u{e000}",
    "\u{ffff}",
    "\u{10000}",
    "\u{10000}a",
  ];
  for (const [i, a] of texts.entries()) {
    for (const [j, b] of texts.entries()) {
      expect([a, b, Math.sign(compareCodePoints(a, b))]).toEqual([a, b, Math.sign(i - j)]);
    }
  }
});
