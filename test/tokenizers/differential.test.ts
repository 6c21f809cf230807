import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { generateStories } from "orrery-lm/lab";
import { sharedData } from "../shared-data.ts";
import { findDifferences } from "./differential/find-differences.ts";
import { findSubjects } from "./differential/subjects.ts";

// By hand, for an hour: npx tsx --conditions=orrery:source scripts/fuzz-tokenizers.ts --minutes 60
const COUNT = 6000;

/** Texts about which ours and theirs did not agree once. */
const ONCE_DIFFERENT = [
  // A grapheme cluster begins behind a control character, whatever it begins with.
  "_S\u{e0001}\u200c\u05b4#",
];

const corpora = ["en", "zh", "multi", "code"].map((name) => sharedData(`corpora/${name}.txt`));
const samples = corpora.every((path) => path !== undefined)
  ? corpora.map((path) => readFileSync(path!, "utf8").slice(0, 200_000)).join("")
  : generateStories(1, 100_000);

describe("random texts, against the libraries that others use", async () => {
  const subjects = await findSubjects();

  test.each(subjects)("$name", { timeout: 120_000 }, async (subject) => {
    expect(await subject.ours(ONCE_DIFFERENT)).toEqual(await subject.theirs(ONCE_DIFFERENT));
    const options = { seed: 20_261_124, first: 0, count: COUNT, samples };
    const differences = await findDifferences(subject, options);
    expect(differences.slice(0, 3)).toEqual([]);
    expect(differences.length).toBe(0);
  });
});
