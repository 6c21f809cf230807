import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { generateStories, type ExtrapolationOutcome } from "orrery-lm/lab";
import { beforeAll, expect, it } from "vitest";
import { ended, orrery, scratchFolder, start, untilThereIs } from "./orrery.ts";

const folder = scratchFolder();
const text = join(folder, "stories.txt");
beforeAll(() => writeFileSync(text, generateStories(0, 60_000)));

const command = (name: string): string[] => [
  ..."lab extrapolation --quick --arms rope --steps 30 --threads 1 --data".split(" "),
  text,
  "--out",
  join(folder, name),
];

/** What an arm gave, without its speed. */
function outcomeOf(name: string): Omit<ExtrapolationOutcome, "tokensPerSecond"> {
  const json = readFileSync(join(folder, name, "outcomes/rope.seed-1.json"), "utf8");
  const { outcome } = JSON.parse(json) as { outcome: ExtrapolationOutcome };
  const { tokensPerSecond: _, ...rest } = outcome;
  return rest;
}

it("an experiment that was interrupted in an arm goes on in it, to the same outcome", async () => {
  expect((await orrery(command("whole"))).code).toBe(0);
  const child = start(command("parts"));
  const stopped = ended(child);
  await untilThereIs(join(folder, "parts/arms/rope.seed-1/state/settings.json"));
  await setTimeout(200); // some steps
  child.kill("SIGINT");
  const { code, stderr } = await stopped;
  expect(code).toBe(1);
  expect(stderr).toContain("interrupted; to go on: npx orrery lab extrapolation --quick");
  const metrics = readFileSync(join(folder, "parts/arms/rope.seed-1/metrics.jsonl"), "utf8");
  expect(metrics.split("\n").length - 1).toBeLessThan(30);
  expect((await orrery(command("parts"))).code).toBe(0);
  expect(outcomeOf("parts")).toEqual(outcomeOf("whole"));
});
