import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { Reference } from "../models/reference.ts";
import { describeInChromium } from "./chromium.ts";
import type { Comparison } from "./pages/models.ts";

const page = "test/browser/pages/models.ts";

/** Whether a checkpoint is in one file or in several is found by asking. */
const NOT_FOUND = /status of 404/;

const root = sharedData("checkpoints");

const names = (root === undefined ? [] : readdirSync(root, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe.skipIf(root === undefined)(`checkpoints of the reference (${NO_SHARED_DATA})`, () => {
  describeInChromium(
    "loaded from URLs in Chromium, over WASM",
    (browser) => {
      let found: ReadonlyMap<string, Comparison>;
      beforeAll(async () => {
        const folders = names.map((name) => browser().urlOf(`${root}/${name}`));
        const input = { runtime: "wasm", folders };
        const rows = (await browser().run(page, input, NOT_FOUND)) as Comparison[];
        found = new Map(rows.map((row, i) => [names[i]!, row]));
      });

      it.each(names)("%s: gives the reference's logits and greedy texts", async (name) => {
        const { error, written, wanted, failure } = found.get(name)!;
        expect(failure).toBeUndefined();
        const { bound } = await Reference.read(`${root}/${name}`);
        expect(error).toBeLessThan(bound);
        expect(written).toEqual(wanted);
      });
    },
    root === undefined ? [] : [root],
  );
});
