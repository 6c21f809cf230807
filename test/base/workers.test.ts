import { expect, it } from "vitest";
import { describeInChromium } from "../browser/chromium.ts";
import { workersDo } from "../contracts/workers.ts";
import { runBuilt } from "../run-built.ts";

it("answers calls from a thread of Node", async () => {
  expect(await runBuilt("test/base/exercise-workers.ts")).toEqual(workersDo);
});

describeInChromium("workers in Chromium", (browser) => {
  it("answers calls from a Web Worker", async () => {
    expect(await browser().run("test/browser/pages/workers.ts")).toEqual(workersDo);
  });
});
