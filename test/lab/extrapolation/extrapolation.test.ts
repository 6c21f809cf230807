import { ConfigError } from "orrery-lm/base";
import {
  type ExtrapolationArm,
  type ExtrapolationOutcome,
  type ExtrapolationRecord,
  extrapolationConclusion,
  extrapolationExperiment,
  extrapolationTable,
  memoryStore,
  renderExtrapolationReport,
  runExperiment,
  summarizeExtrapolation,
} from "orrery-lm/lab";
import { describe, expect, it } from "vitest";
import { experiment, madeUpOutcome, madeUpRecords, settings } from "./fixture.ts";

type Positions = ExtrapolationArm["positions"];

const records = await madeUpRecords([0, 1, 2]);

/** Records of made-up rises: per arm, the rise of each seed from a loss of 2; null: no table there. */
async function risesOf(
  rises: Partial<Record<Positions, readonly (number | null)[]>>,
): Promise<ExtrapolationRecord[]> {
  const arms = Object.keys(rises) as Positions[];
  const seeds = Object.values(rises)[0]!.map((_, seed) => seed);
  const small = { ...settings, multiples: [1, 8] };
  const run = async (
    { positions }: ExtrapolationArm,
    seed: number,
  ): Promise<ExtrapolationOutcome> => {
    const rise = rises[positions]![seed]!;
    const end = rise === null ? null : 2 + rise;
    return {
      ...madeUpOutcome({ positions, label: positions }, seed),
      lengths: [
        { length: 64, lossNonOverlapping: 2, lossSliding: 2 },
        { length: 512, lossNonOverlapping: end, lossSliding: end },
      ],
      ...(positions === "learned"
        ? {
            repeatedLastRow: [
              { length: 64, lossNonOverlapping: 2, lossSliding: 2 },
              { length: 512, lossNonOverlapping: 4, lossSliding: 4 },
            ],
          }
        : {}),
    };
  };
  const made = extrapolationExperiment({ settings: small, seeds, arms, run });
  return runExperiment(made, { out: memoryStore() });
}

const conclude = (of: readonly ExtrapolationRecord[]): string =>
  extrapolationConclusion(summarizeExtrapolation(of), of);

describe("extrapolationExperiment", () => {
  it("has five arms that differ in their positions only", () => {
    expect(Object.values(experiment.arms).map(({ positions }) => positions)).toEqual([
      "none",
      "sinusoidal",
      "learned",
      "rope",
      "alibi",
    ]);
  });

  it.each([
    ["multiples without 1", { multiples: [2, 4] }, /ascend from 1, got 2, 4/],
    ["multiples that fall", { multiples: [1, 4, 2] }, /ascend from 1/],
    ["a single multiple", { multiples: [1] }, /ascend from 1/],
    ["half a token", { trainLength: 65 }, /1.5 times 65 is no whole length/],
  ])("refuses %s", (_, change, message) => {
    const options = { settings: { ...settings, ...change }, seeds: [0], run: experiment.run };
    expect(() => extrapolationExperiment(options)).toThrow(message);
    expect(() => extrapolationExperiment(options)).toThrow(ConfigError);
  });

  it("refuses an arm that it does not know", () => {
    const arms = ["rope", "xpos"];
    expect(() =>
      extrapolationExperiment({ settings, seeds: [0], run: experiment.run, arms }),
    ).toThrow(/expected arms of none, sinusoidal, learned, rope, alibi; got "xpos"/);
  });
});

describe("summarizeExtrapolation", () => {
  it("takes the rise seed by seed", async () => {
    const summary = summarizeExtrapolation(await risesOf({ rope: [0.1, 0.2, 0.3] }));
    expect(summary).toMatchObject({ trainLength: 64, seeds: [0, 1, 2] });
    expect(summary.longest).toMatchObject({ length: 512, multiple: 8 });
    const [curve] = summary.arms[0]!.curves;
    expect(curve!.rise.lossNonOverlapping!.mean).toBeCloseTo(0.2, 12);
    expect(curve!.rise.lossNonOverlapping!.standardDeviation).toBeCloseTo(0.1, 12);
    expect(curve!.lengths[1]!.lossSliding!.mean).toBeCloseTo(2.2, 12);
  });

  it("has no mean where one seed has no loss", async () => {
    const summary = summarizeExtrapolation(await risesOf({ rope: [0.1, null, 0.3] }));
    const [curve] = summary.arms[0]!.curves;
    expect(curve!.lengths[0]!.lossNonOverlapping).not.toBeNull();
    expect(curve!.lengths[1]!.lossNonOverlapping).toBeNull();
    expect(curve!.rise).toEqual({ lossNonOverlapping: null, lossSliding: null });
  });

  it("keeps the repeated last row apart from learned positions", () => {
    const learned = summarizeExtrapolation(records).arms[2]!;
    expect(learned.curves.map(({ name, isRepeated }) => [name, isRepeated])).toEqual([
      ["learned", false],
      ["learned, last row repeated", true],
    ]);
    expect(learned.curves[0]!.rise.lossSliding).toBeNull();
    expect(learned.curves[0]!.lengths[1]!.note).toBe("past the table");
  });

  it("thins training curves by means", () => {
    const { training } = summarizeExtrapolation(records).arms[4]!;
    expect(training).toHaveLength(60);
    expect(training[0]!.step).toBe(3); // Steps 1 to 5.
    const losses = records
      .filter(({ arm }) => arm === "alibi")
      .flatMap(({ outcome }) => outcome.trainLoss.slice(0, 5).map(({ loss }) => loss));
    expect(training[0]!.loss.mean).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 12);
  });

  it("refuses nothing, and arms with other seeds or lengths", async () => {
    const others = await risesOf({ rope: [0.1, 0.2, 0.3] });
    const rope = records.filter(({ arm }) => arm === "rope");
    const alibi = records.filter(({ arm }) => arm === "alibi");
    expect(() => summarizeExtrapolation([])).toThrow(ConfigError);
    expect(() => summarizeExtrapolation([...rope, ...alibi.slice(1)])).toThrow(
      /alibi: expected seeds 0, 1, 2 as in rope, got 1, 2/,
    );
    expect(() => summarizeExtrapolation([...alibi, ...others])).toThrow(
      /rope, seed 0: expected lengths 64, 96, 128, 256, 512, got 64, 512/,
    );
  });
});

describe("extrapolationConclusion", () => {
  const start = "At 8 times the training length (512 instead of 64 tokens), ";

  it.each([
    {
      what: "ranks the arms",
      rises: { sinusoidal: [3, 3.1], rope: [0.4, 0.41], alibi: [-0.2, -0.21] },
      says:
        "ALiBi survives best: its loss falls by 0.20, from 2.00 to 1.79 nats per token. " +
        "RoPE rises by 0.41, and sinusoidal rises by 3.05, the most of all.",
    },
    {
      what: "says when a loss stays",
      rises: { alibi: [0.004, 0.001], rope: [1, 1] },
      says:
        "ALiBi survives best: its loss stays within 0.005, from 2.00 to 2.00 nats per token. " +
        "RoPE rises by 1.00, the most of all.",
    },
    {
      what: "says when seeds cannot tell the first two apart",
      rises: { alibi: [0, 0.2], rope: [0.3, 0.1] },
      says:
        "ALiBi survives best: its loss rises by 0.10, from 2.00 to 2.10 nats per token. " +
        "RoPE rises by 0.20, the most of all. Over 2 seeds, ALiBi and RoPE cannot be told apart " +
        "(95\u00a0% interval of the difference: −2.44 to 2.64).",
    },
    {
      what: "says that one seed is no measure of chance",
      rises: { alibi: [0.1], rope: [0.3] },
      says:
        "ALiBi survives best: its loss rises by 0.10, from 2.00 to 2.10 nats per token. " +
        "RoPE rises by 0.30, the most of all. " +
        "With one seed there is no measure of chance; small differences mean little.",
    },
    {
      what: "does not rank what has nothing to read",
      rises: { learned: [null, null], rope: [1, 1.01] },
      says:
        "RoPE survives best: its loss rises by 1.00, from 2.00 to 3.00 nats per token. " +
        "Learned has nothing past its table of 64 positions; with its last row repeated it rises by 2.00.",
    },
    {
      what: "says so when nothing is left",
      rises: { learned: [null] },
      says: "no arm has anything to read.",
    },
  ])("$what", async ({ rises, says }) => {
    const text = conclude(await risesOf(rises));
    expect(text).toBe((says.startsWith("no arm") ? start.replace(", ", " ") : start) + says);
  });
});

describe("extrapolationTable", () => {
  it("is a table for a terminal", () => {
    expect(`\n${extrapolationTable(records)}\n`).toMatchInlineSnapshot(`
      "
      Loss in nats per token on held-out text, 3 seeds; ± half of the 95 % interval

      position encoding           1× (64)  1.5× (96)  2× (128)  4× (256)  8× (512)            rise   rise, sliding
      ────────────────────────────────────────────────────────────────────────────────────────────────────────────
      none (NoPE)                   2.362      2.542     2.670     2.977     3.285  +0.924 ± 0.274  +1.062 ± 0.315
      sinusoidal                    2.314      2.869     3.263     4.211     5.160  +2.846 ± 0.390  +3.273 ± 0.449
      learned                       2.300          –         –         –         –               –               –
      learned, last row repeated    2.300      2.659     2.914     3.528     4.142  +1.843 ± 0.311  +2.119 ± 0.357
      RoPE                          2.304      2.395     2.460     2.616     2.772  +0.468 ± 0.130  +0.538 ± 0.150
      ALiBi                         2.307      2.296     2.287     2.267     2.247  −0.060 ± 0.015  −0.069 ± 0.018
      "
    `);
  });

  it("has no intervals with one seed", async () => {
    const text = extrapolationTable(await madeUpRecords([0]));
    expect(text).toContain("1 seed\n");
    expect(text).not.toContain("±");
  });
});

describe("renderExtrapolationReport", async () => {
  const command = "npx orrery-lm lab extrapolation --seeds 3 --out 'runs/a & b'";
  const date = "2026-11-24T12:00:00.000Z";
  const html = await renderExtrapolationReport({ experiment, records, command, date });

  it.each([
    ["the question", "that are up to 8 times as long?"],
    ["the conclusion", conclude(records)],
    ["the command", "--out &#39;runs/a &amp; b&#39;"],
    ["the day", "<dd>2026-11-24</dd>"],
    ["the settings", ">model.hiddenSize</th><td>128</td>"],
    ["the versions", ">orrery-lm</th><td>0.1.0</td>"],
    ["the samples, escaped", "She had a &lt;gray&gt; cat &amp; one &quot;good&quot; friend."],
    ["the repeated row, labelled", ">learned, last row repeated</th>"],
    ["published numbers", '>15512</td><td class="number">406.01</td><td class="number">6.006</td>'],
    ["what they are", "another model (247 million parameters"],
    ["the meaning of ±", "95\u00a0% interval of the mean over 3 seeds"],
  ])("shows %s", (_, text) => {
    expect(html).toContain(text);
  });

  it("has four figures, each for wide and narrow screens, in the colors of the arms", () => {
    expect(html.match(/<figure class="plot">/g)).toHaveLength(4);
    expect(html.match(/<svg /g)).toHaveLength(8);
    const labels = [...html.matchAll(/<text[^>]*>(sinusoidal|ALiBi)<\/text>/g)];
    expect(labels).toHaveLength(8);
  });

  it("gives the same bytes for the same records", async () => {
    expect(await renderExtrapolationReport({ experiment, records, command, date })).toBe(html);
  });

  it("needs nothing from elsewhere", () => {
    expect(html).not.toMatch(/<(script|link|img|iframe|object)\b|\bsrc=|href=|url\(|@import/i);
  });
});
