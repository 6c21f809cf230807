import { nativeRuntime } from "orrery-lm/runtime";
import { expect, it } from "vitest";
import { tinyLosses } from "../training/tiny.ts";
import { describeInChromium } from "./chromium.ts";

const STEPS = 5;

describeInChromium("training in Chromium", (browser) => {
  it.each(["rope", "alibi", "learned"])("gives Node's losses, %s", async (position) => {
    const page = "test/browser/pages/train.ts";
    const losses = (await browser().run(page, { steps: STEPS, position })) as number[];
    const native = await tinyLosses(await nativeRuntime({ threads: 2 }), position, STEPS);
    expect(losses).toHaveLength(STEPS);
    losses.forEach((loss, i) => expect(Math.abs(loss - native[i]!)).toBeLessThan(1e-4));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});
