/**
 * Shows random texts to our tokenizers and to the references, for as long as you like:
 *
 *     npx tsx --conditions=orrery:source scripts/fuzz-tokenizers.ts --minutes 60 [--seed 1]
 *       [--texts FILE] [--only NAME]
 *
 * Prints how many texts were compared and every difference; exits with 1 if there is one.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { generateStories } from "orrery-lm/lab";
import { findDifferences } from "../test/tokenizers/differential/find-differences.ts";
import { findSubjects } from "../test/tokenizers/differential/subjects.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    texts: { type: "string" },
    only: { type: "string" },
  },
});
const PORTION = 2000;
const samples = values.texts ? readFileSync(values.texts, "utf8") : generateStories(1, 100_000);
const all = await findSubjects();
const subjects = values.only ? all.filter(({ name }) => name === values.only) : all;
const end = Date.now() + Number(values.minutes) * 60_000;
let compared = 0;
let different = 0;
for (let first = 0; Date.now() < end; first += PORTION) {
  for (const subject of subjects) {
    const options = { seed: Number(values.seed), first, count: PORTION, samples };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const differences = await findDifferences(subject, options);
    compared += PORTION;
    different += differences.length;
    for (const difference of differences) console.log(JSON.stringify(difference));
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${compared} texts, ${different} differ`);
}
console.log(`${compared} texts compared with ${subjects.length} tokenizers, ${different} differ`);
process.exitCode = different === 0 ? 0 : 1;
