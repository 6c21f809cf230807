import { initialize } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { Trainer } from "orrery-lm/training";
import { expect, it } from "vitest";
import { tinyArchitecture, tinyTokens, tinyTraining } from "../training/tiny.ts";
import { describeInChromium } from "./chromium.ts";

const STEPS = 5;

async function nativeLosses(position: string): Promise<number[]> {
  const architecture = tinyArchitecture({ position_encoding: position });
  const trainer = await Trainer.open({
    architecture,
    options: tinyTraining(),
    runtime: await nativeRuntime({ threads: 2 }),
    tokens: tinyTokens(),
    start: initialize(architecture.network.parameters(), 1),
  });
  const losses: number[] = [];
  // oxlint-disable-next-line no-await-in-loop
  for (let i = 0; i < STEPS; i++) losses.push((await trainer.step()).loss);
  return losses;
}

describeInChromium("training in Chromium", (browser) => {
  it.each(["rope", "alibi", "learned"])("gives Node's losses, %s", async (position) => {
    const page = "test/browser/pages/train.ts";
    const losses = (await browser().run(page, { steps: STEPS, position })) as number[];
    const native = await nativeLosses(position);
    expect(losses).toHaveLength(STEPS);
    losses.forEach((loss, i) => expect(Math.abs(loss - native[i]!)).toBeLessThan(1e-4));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
