import { ConfigError } from "orrery-lm/base";
import { generateStories, generateStory, storySeparator } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";

const text = generateStories(7, 400_000);
const stories = text.split(storySeparator);
const wordsOf = (story: string): string[] => story.split(/\s+/);

describe("generateStories", () => {
  it("gives the same text for the same seed, and another for another", () => {
    expect(generateStories(7, 20_000)).toBe(generateStories(7, 20_000));
    expect(generateStories(8, 20_000)).not.toBe(generateStories(7, 20_000));
  });

  it("does not change from release to release", () => {
    expect(generateStory(1, 0).slice(0, 200)).toMatchInlineSnapshot(
      `"Late in spring, when thunder stood above the hill, Marina the shepherd girl knocked at the door of a hut on the hill in Highbury. Loremy opened it. He was a clockmaker, not yet afraid of anything, and"`,
    );
  });

  it("begins a longer text with the shorter one", () => {
    expect(text.startsWith(generateStories(7, 10_000) + storySeparator)).toBe(true);
  });

  it.each([1, 5_000, 100_000])("gives at least %d characters and no story too many", (length) => {
    const short = generateStories(7, length);
    expect(short.length).toBeGreaterThanOrEqual(length);
    const last = short.lastIndexOf(storySeparator);
    expect(last).toBeLessThan(length);
  });

  it("is the stories of its seed in order", () => {
    expect(stories.slice(0, 3)).toEqual([0, 1, 2].map((index) => generateStory(7, index)));
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d characters", (length) => {
    expect(() => generateStories(7, length)).toThrow(ConfigError);
  });

  it.each([
    ["an unfilled slot", /[[\]{}|~]|undefined|met\d/],
    ["a wrong space", / {2}|^ | $| [.,;:?]/m],
    ["a wrong article", /\ba [aeiou]|\ban (?!hour)[^aeiou]/i],
    ["a sentence without a capital", /[a-z][.?] [a-z]/],
  ])("never writes %s", (_, pattern) => {
    const lines = text.split("\n").filter((line) => pattern.test(line));
    expect(lines.slice(0, 3)).toEqual([]);
  });

  it("begins stories with a capital and ends them with a full stop", () => {
    const odd = stories.filter((story) => !/^"?[A-Z][^]*[.?!]"?$/.test(story));
    expect(odd.slice(0, 3)).toEqual([]);
  });

  it("keeps each story between 150 and 700 words", () => {
    const lengths = stories.map((story) => wordsOf(story).length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(150);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(700);
    // Spread, not one length: both the short and the long halves are used.
    expect(Math.min(...lengths)).toBeLessThan(300);
    expect(Math.max(...lengths)).toBeGreaterThan(500);
  });

  it("tells no story twice and has many words", () => {
    expect(new Set(stories).size).toBe(stories.length);
    expect(new Set(text.split(/[^A-Za-z']+/)).size).toBeGreaterThan(1500);
  });

  it("rewards context: the names at the end of a story stood before", () => {
    let names = 0;
    let known = 0;
    for (const story of stories) {
      const half = story.length >> 1;
      const before = new Set(story.slice(0, half).match(/\b[A-Z][a-z]+\b/g));
      for (const name of story.slice(half).match(/(?<=[a-z,] )[A-Z][a-z]+\b/g) ?? []) {
        names++;
        if (before.has(name)) known++;
      }
    }
    expect(names).toBeGreaterThan(stories.length * 5);
    expect(known / names).toBeGreaterThan(0.85);
  });
});
