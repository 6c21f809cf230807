import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { Reference } from "../models/reference.ts";
import { describeInChromium } from "./chromium.ts";
import type { Comparison } from "./pages/models.ts";

const page = "test/browser/pages/models.ts";

/** Whether a checkpoint is in one file or in several is found by asking. */
const NOT_FOUND = /status of 404/;

/** One page for all of them, on machines that do other things too. */
const PATIENCE_MS = 300_000;

const root = sharedData("checkpoints");

const all = (root === undefined ? [] : readdirSync(root, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The GPU is played by the CPU, which takes half a minute for each model. */
const onGpu = all.filter((name) => ["bert", "llama"].includes(name));

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  describeInChromium(
    "loaded from URLs in Chromium",
    (browser) => {
      describe.each([
        ["wasm", all],
        ["webgpu", onGpu],
      ])("over %s", (runtime, names) => {
        let found: ReadonlyMap<string, Comparison>;
        beforeAll(async () => {
          const folders = names.map((name) => browser().urlOf(`${root}/${name}`));
          const rows = await browser().run(page, { runtime, folders }, NOT_FOUND);
          found = new Map((rows as Comparison[]).map((row, i) => [names[i]!, row]));
        }, PATIENCE_MS);

        it.each(names)("%s: gives the reference's logits and greedy texts", async (name) => {
          const { error, written, wanted, failure } = found.get(name)!;
          expect(failure).toBeUndefined();
          const reference = await Reference.read(`${root}/${name}`);
          expect(error).toBeLessThan(reference.bound);
          expect(written).toEqual(wanted);
          expect(wanted.length > 0).toBe(reference.has("greedy"));
        });
      });
    },
    root === undefined ? [] : [root],
  );
});
