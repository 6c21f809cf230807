import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, FormatError } from "orrery-lm/base";
import { type Experiment, folderStore, memoryStore, runExperiment } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";

interface Arm {
  readonly slope: number;
}

interface Outcome {
  readonly loss: number;
}

/** A made-up experiment that counts its runs. */
function lineExperiment(
  overrides: Partial<Experiment<Arm, Outcome>> = {},
): Experiment<Arm, Outcome> & { readonly ran: string[] } {
  const ran: string[] = [];
  return {
    name: "line",
    title: "A line",
    question: "Does it rise?",
    arms: { flat: { slope: 0 }, steep: { slope: 2 } },
    seeds: [0, 1],
    measures: [{ name: "loss", unit: "nats per token", description: "made up" }],
    settings: { steps: 10, data: { name: "none" } },
    run: async ({ slope }, seed, { arm, progress }) => {
      ran.push(`${arm} ${seed}`);
      progress(5, 10, "half");
      return { loss: slope + seed / 10 };
    },
    ...overrides,
    ran,
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("runExperiment", () => {
  it("runs every arm with every seed and keeps each outcome", async () => {
    const files = new Map<string, Uint8Array>();
    const experiment = lineExperiment();
    const records = await runExperiment(experiment, {
      out: memoryStore(files),
      provenance: { node: "v20" },
    });
    expect(records.map(({ arm, seed, outcome }) => [arm, seed, outcome.loss])).toEqual([
      ["flat", 0, 0],
      ["steep", 0, 2],
      ["flat", 1, 0.1],
      ["steep", 1, 2.1],
    ]);
    expect(records[3]).toMatchObject({
      experiment: "line",
      description: { slope: 2 },
      settings: { steps: 10, data: { name: "none" } },
      provenance: { node: "v20" },
      finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect([...files.keys()].toSorted()).toEqual([
      "outcomes/flat.seed-0.json",
      "outcomes/flat.seed-1.json",
      "outcomes/steep.seed-0.json",
      "outcomes/steep.seed-1.json",
    ]);
  });

  it("runs only what is missing, and adds seeds and arms later", async () => {
    const out = memoryStore();
    await runExperiment(lineExperiment(), { out, seeds: [0] });
    const more = lineExperiment({
      arms: { steep: { slope: 2 }, flat: { slope: 0 }, down: { slope: -1 } },
    });
    const records = await runExperiment(more, { out, seeds: [1, 0] });
    expect(more.ran).toEqual(["steep 1", "flat 1", "down 1", "down 0"]);
    expect(records.map(({ outcome }) => outcome.loss)).toEqual([2.1, 0.1, -0.9, 2, 0, -1]);
  });

  it("gives the same outcomes in any order", async () => {
    const forward = await runExperiment(lineExperiment(), { out: memoryStore() });
    const arms = { steep: { slope: 2 }, flat: { slope: 0 } };
    const backward = await runExperiment(lineExperiment({ arms }), {
      out: memoryStore(),
      seeds: [1, 0],
    });
    const facts = (records: typeof forward): unknown[] =>
      records.map((record) => JSON.stringify({ ...record, finishedAt: "" })).toSorted();
    expect(facts(backward)).toEqual(facts(forward));
  });

  it("keeps finished outcomes when it is stopped, and goes on from there", async () => {
    const out = memoryStore();
    const stop = new AbortController();
    const first = lineExperiment();
    const stopped = runExperiment(first, {
      out,
      signal: stop.signal,
      onProgress: ({ state }) => {
        if (state === "finished") stop.abort(new Error("stopped by the test"));
      },
    });
    await expect(stopped).rejects.toThrow("stopped by the test");
    expect(first.ran).toEqual(["flat 0"]);
    const second = lineExperiment();
    expect(await runExperiment(second, { out })).toHaveLength(4);
    expect(second.ran).toEqual(["steep 0", "flat 1", "steep 1"]);
  });

  it("says how far it is", async () => {
    const out = memoryStore();
    await runExperiment(lineExperiment(), { out, seeds: [0] });
    const lines: string[] = [];
    await runExperiment(lineExperiment(), {
      out,
      onProgress: ({ arm, seed, state, fraction, note = "" }) => {
        lines.push(`${state} ${arm} ${seed} ${fraction} ${note}`.trim());
      },
    });
    expect(lines).toEqual([
      "skipped flat 0 0.25",
      "skipped steep 0 0.5",
      "running flat 1 0.5",
      "running flat 1 0.625 half",
      "finished flat 1 0.75",
      "running steep 1 0.75",
      "running steep 1 0.875 half",
      "finished steep 1 1",
    ]);
  });

  it("gives each run a folder of its own", async () => {
    const files = new Map<string, Uint8Array>();
    const experiment = lineExperiment({
      run: async (_, seed, { store }) => {
        await store.write({ "model.bin": bytes(`${seed}`) });
        return { loss: 0 };
      },
    });
    await runExperiment(experiment, { out: memoryStore(files), seeds: [3] });
    expect([...files.keys()]).toContain("arms/steep.seed-3/model.bin");
  });

  it.each([
    [
      "a setting",
      { settings: { steps: 20, data: { name: "none" } } },
      /settings\.steps was 10 .* is 20/,
    ],
    [
      "a deep setting",
      { settings: { steps: 10, data: {} } },
      /settings\.data\.name was "none" .* nothing/,
    ],
    ["an arm", { arms: { flat: { slope: 1 } } }, /description\.slope was 0 .* is 1/],
    ["the experiment", { name: "curve" }, /experiment was "line" .* is "curve"/],
  ] as const)("refuses to mix outcomes when %s differs", async (_, overrides, message) => {
    const out = memoryStore();
    await runExperiment(lineExperiment(), { out });
    const other = lineExperiment(overrides);
    await expect(runExperiment(other, { out, seeds: [9, 0] })).rejects.toThrow(message);
    expect(other.ran).toEqual([]); // Not even seed 9, which would have been new.
    await expect(runExperiment(other, { out })).rejects.toThrow(ConfigError);
  });

  it("takes settings as equal whatever the order of their keys", async () => {
    const out = memoryStore();
    await runExperiment(lineExperiment(), { out });
    const same = lineExperiment({ settings: { data: { name: "none" }, steps: 10 } });
    await runExperiment(same, { out });
    expect(same.ran).toEqual([]);
  });

  it.each([
    ["cut short", '{"experiment": "li'],
    ["no UTF-8", "\u0000\uFFFF"],
    ["without an outcome", "{}"],
    ["null", "null"],
  ])("names a damaged file (%s)", async (_, text) => {
    const out = memoryStore(new Map([["outcomes/flat.seed-0.json", bytes(text)]]));
    const run = runExperiment(lineExperiment(), { out });
    await expect(run).rejects.toThrow(FormatError);
    await expect(run).rejects.toThrow(/outcomes\/flat\.seed-0\.json .* delete it/);
  });

  it.each([
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [new Float32Array(1), "Float32Array"],
    [() => 1, "function"],
  ])("refuses an outcome that JSON would change: %s", async (loss, named) => {
    const files = new Map<string, Uint8Array>();
    const experiment = { ...lineExperiment(), run: async () => ({ losses: [0, loss] }) };
    const run = runExperiment(experiment, { out: memoryStore(files) });
    await expect(run).rejects.toThrow(
      `flat, seed 0.losses[1]: expected a value that JSON can hold, got`,
    );
    await expect(run).rejects.toThrow(named);
    expect(files.size).toBe(0);
  });

  it.each([
    ["no seeds", { seeds: [] }, /at least one seed/],
    ["a seed twice", { seeds: [1, 1] }, /different whole numbers/],
    ["a broken seed", { seeds: [0.5] }, /different whole numbers/],
    ["no arms", { arms: {} }, /at least one arm/],
    ["an arm that is no file name", { arms: { "a/b": { slope: 1 } } }, /"a\/b" names files/],
  ])("refuses %s", async (_, overrides, message) => {
    const run = runExperiment(lineExperiment(overrides), { out: memoryStore() });
    await expect(run).rejects.toThrow(message);
  });
});

describe("folderStore", () => {
  it("keeps outcomes in a folder that need not be there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "orrery-lab-"));
    try {
      const out = folderStore(join(folder, "runs", "line"));
      await runExperiment(lineExperiment(), { out, seeds: [0] });
      expect(await readdir(join(folder, "runs", "line", "outcomes"))).toEqual([
        "flat.seed-0.json",
        "steep.seed-0.json",
      ]);
      const again = lineExperiment();
      await runExperiment(again, { out, seeds: [0] });
      expect(again.ran).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
