import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ended,
  orrery,
  scratchFolder,
  smallModel,
  start,
  trainSmall,
  untilThereIs,
} from "./orrery.ts";

const STEPS = ["--steps", "100", "--save-every", "2"];
const compared = ["metrics.jsonl", "model.safetensors", "config.json", "tokenizer.json"];

const folder = scratchFolder();
const text = join(folder, "text.txt");
let whole: string;
beforeAll(async () => {
  whole = await trainSmall(folder, "whole", STEPS);
});

const begin = (name: string): ReturnType<typeof start> =>
  start(["train", text, "--out", join(folder, name), ...smallModel, ...STEPS]);
const resume = (name: string): ReturnType<typeof start> =>
  start(["train", "--resume", "--out", join(folder, name), "--threads", "1", "--save-every", "2"]);

function expectSameAsWhole(name: string): void {
  for (const file of compared) {
    const [a, b] = [whole, join(folder, name)].map((run) => readFileSync(join(run, file)));
    expect(a!.equals(b!), file).toBe(true);
  }
}

const steps = (name: string): number =>
  readFileSync(join(folder, name, "metrics.jsonl"), "utf8").split("\n").length - 1;

describe("a run that is stopped and resumed equals one that never was, bit for bit", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s", async (signal) => {
    const child = begin(signal);
    const outcome = ended(child);
    await untilThereIs(join(folder, signal, "metrics.jsonl"));
    child.kill(signal);
    const { code, stderr } = await outcome;
    expect(code).toBe(1);
    expect(stderr).toContain(
      `saved after step ${steps(signal)}. To go on: orrery train --resume --out ${join(folder, signal)}`,
    );
    expect(steps(signal)).toBeLessThan(100);
    // What is saved is the same for all three, so one of them goes on.
    if (signal !== "SIGINT") return;
    expect((await ended(resume(signal))).code).toBe(0);
    expectSameAsWhole(signal);
  });

  // Moments in milliseconds after the first save; the last kill meets a run that was resumed.
  it.each([[[0]], [[17]], [[40, 25]]])("kill -9 after %j ms", async (moments) => {
    const name = `killed-${moments.join("-")}`;
    const state = join(folder, name, "state/state.safetensors");
    for (const [i, moment] of moments.entries()) {
      const child = i === 0 ? begin(name) : resume(name);
      const outcome = ended(child);
      // oxlint-disable-next-line no-await-in-loop
      await untilThereIs(state);
      // oxlint-disable-next-line no-await-in-loop
      await setTimeout(moment);
      child.kill("SIGKILL");
      // oxlint-disable-next-line no-await-in-loop
      expect((await outcome).code).toBe(null);
    }
    expect(steps(name)).toBeLessThan(100);
    expect((await ended(resume(name))).code).toBe(0);
    expectSameAsWhole(name);
    const left = readdirSync(join(folder, name), { recursive: true, encoding: "utf8" });
    expect(left.filter((path) => path.endsWith(".part"))).toEqual([]);
  });

  it("a finished run has nothing left to do", async () => {
    const before = readFileSync(join(whole, "state/state.safetensors"));
    const { code, stdout } = await orrery(["train", "--resume", "--out", whole]);
    expect(code).toBe(0);
    expect(stdout).toContain("100 steps");
    expect(readFileSync(join(whole, "state/state.safetensors")).equals(before)).toBe(true);
  });
});
