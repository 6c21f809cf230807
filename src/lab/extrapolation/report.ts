import type { Experiment } from "../experiment.ts";
import type { Json } from "../json.ts";
import { renderReport, type Block, type ReportSection } from "../report/page.ts";
import type { Table } from "../report/table.ts";
import { extrapolationConclusion } from "./conclusion.ts";
import type { ExtrapolationArm, ExtrapolationOutcome } from "./experiment.ts";
import { lengthFigure, positionFigure, trainingFigure } from "./figures.ts";
import { formatMultiple } from "./format.ts";
import {
  summarizeExtrapolation,
  type ExtrapolationRecord,
  type ExtrapolationSummary,
} from "./summary.ts";
import { costTable, riseTable } from "./tables.ts";

/** Options of {@link renderExtrapolationReport}. */
export interface ExtrapolationReportOptions {
  readonly experiment: Experiment<ExtrapolationArm, ExtrapolationOutcome>;
  readonly records: readonly ExtrapolationRecord[];
  /** The command that gives these numbers again. */
  readonly command: string;
  /** ISO 8601; the report shows the day. */
  readonly date: string;
}

/**
 * The report of the experiment as one HTML file.
 *
 * @throws {ConfigError} if there are no records, or arms have different seeds or lengths.
 */
export async function renderExtrapolationReport(
  options: ExtrapolationReportOptions,
): Promise<string> {
  const { experiment, records, command, date } = options;
  const summary = summarizeExtrapolation(records);
  return renderReport({
    title: experiment.title,
    question: experiment.question,
    answer: extrapolationConclusion(summary, records),
    facts: [
      ["Training length", `${summary.trainLength} tokens`],
      ["Read up to", `${summary.longest.length} tokens`],
      ["Arms", String(summary.arms.length)],
      ["Seeds", summary.seeds.join(", ")],
      ["Date", date.slice(0, 10)],
    ],
    sections: [
      resultSection(summary),
      {
        heading: "Where in the text it goes wrong",
        blocks: [
          {
            type: "figure",
            figure: positionFigure(summary),
            caption:
              "Mean loss of the tokens in each range of positions, in windows of the longest length. " +
              "More context should help: a line that falls uses it, a line that climbs past the rule is lost.",
          },
        ],
      },
      trainingSection(summary),
      sampleSection(summary),
      runSection(records, command),
      elsewhereSection(),
      { heading: "What this does not show", blocks: caveats(summary) },
    ],
    footer: `Made by orrery-lm, experiment “${experiment.name}”. This file needs no network.`,
  });
}

function resultSection(summary: ExtrapolationSummary): ReportSection {
  const multiple = formatMultiple(summary.longest.multiple);
  return {
    heading: "Loss against length",
    blocks: [
      {
        type: "figure",
        figure: lengthFigure(summary, "lossNonOverlapping"),
        caption:
          "The held-out text is cut into windows of each length that lie side by side, and every token " +
          "counts. Flat or falling is good. A dashed line does not compete: past its table, a learned " +
          "encoding has no rows, and here its last one stands in for them.",
      },
      {
        type: "table",
        table: { ...riseTable(summary), caption: "Loss and rise, nats per token" },
        note:
          `Rise: loss at ${multiple}× minus loss at 1×.${spreadNote(summary)} ` +
          "A dash: there is nothing to read, because a learned table ends at the training length.",
      },
      {
        type: "figure",
        figure: lengthFigure(summary, "lossSliding"),
        caption:
          "The window slides, and only tokens that have a nearly full window before them count. This " +
          "takes away the advantage that long windows have from fewer tokens with little before them.",
      },
    ],
  };
}

function trainingSection(summary: ExtrapolationSummary): ReportSection {
  return {
    heading: "How they learned",
    blocks: [
      {
        type: "figure",
        figure: trainingFigure(summary),
        caption:
          "All arms see the same batches in the same order. At the training length they differ little; " +
          "what sets them apart comes after it.",
      },
      { type: "table", table: { ...costTable(summary), caption: "Size and speed" } },
    ],
  };
}

function sampleSection(summary: ExtrapolationSummary): ReportSection {
  const samples = summary.arms.flatMap(({ label, samples: [first] }) =>
    first ? [{ title: `${label}, seed ${first.seed}`, text: first.text }] : [],
  );
  return { heading: "What they write", blocks: [{ type: "samples", samples }] };
}

function runSection(records: readonly ExtrapolationRecord[], command: string): ReportSection {
  const first = records[0]!;
  return {
    heading: "What was run, and how to run it again",
    blocks: [
      { type: "code", code: command },
      {
        type: "text",
        text:
          "Equal settings and seeds give equal batches, initial weights and samples. The last digits of " +
          "a loss may differ between machines, since processors add in different orders.",
      },
      { type: "table", table: keyTable("setting", flatten(first.settings, "")) },
      { type: "table", table: keyTable("made with", Object.entries(first.provenance)) },
    ],
  };
}

function elsewhereSection(): ReportSection {
  return {
    heading: "The same question elsewhere",
    blocks: [
      {
        type: "text",
        text:
          "Press, Smith and Lewis (2021, “Train Short, Test Long”, arXiv 2108.12409) asked it first. " +
          "Their numbers come from another model (247 million parameters, trained on 512 tokens of " +
          "WikiText-103 with a vocabulary of words): compare the shape, not the values.",
      },
      {
        type: "table",
        table: {
          columns: [
            { label: "position encoding" },
            { label: "tokens read", isNumeric: true },
            { label: "perplexity", isNumeric: true },
            { label: "nats per token", isNumeric: true },
          ],
          rows: publishedPerplexities.map(([name, length, perplexity]) => ({
            cells: [name, `${length}`, perplexity.toFixed(2), Math.log(perplexity).toFixed(3)],
          })),
        },
        note: "Nats per token: the logarithm of the perplexity, computed here.",
      },
    ],
  };
}

// Press et al. 2021, https://arxiv.org/abs/2108.12409
const publishedPerplexities: readonly (readonly [string, number, number])[] = [
  ["sinusoidal", 532, 19.91],
  ["sinusoidal", 15_512, 406.01],
  ["ALiBi", 512, 19.73],
  ["ALiBi", 3072, 18.4],
];

function caveats(summary: ExtrapolationSummary): Block[] {
  const seeds = summary.seeds.length;
  const texts = [
    "These models are small and were trained briefly. The order of the arms and the shape of their " +
      "curves carry over to larger ones; the values do not.",
    "A flat curve says that a longer text does no harm. It does not say that the model uses what lies " +
      "far back: ALiBi fades it out by design.",
    "RoPE is shown as it was trained. Methods that stretch it, such as position interpolation and YaRN, " +
      "are not part of this experiment.",
    seeds === 1
      ? "There is one seed, and so no measure of chance. Run it with --seeds 3 for intervals."
      : `Intervals over ${seeds} seeds are wide by nature; they cover initial weights and the order of ` +
        "the batches, not the choice of text.",
  ];
  return texts.map((text) => ({ type: "text", text }));
}

function spreadNote({ seeds }: ExtrapolationSummary): string {
  return seeds.length > 1
    ? ` ± is half of the 95\u00a0% interval of the mean over ${seeds.length} seeds (Student’s t).`
    : "";
}

function keyTable(label: string, entries: readonly (readonly [string, string])[]): Table {
  return {
    columns: [{ label }, { label: "value" }],
    rows: entries.map(([key, value]) => ({ cells: [key, value] })),
  };
}

function flatten(value: Json, path: string): [string, string][] {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) return [[path, Array.isArray(value) ? value.join(", ") : String(value)]];
  return Object.entries(value).flatMap(([key, item]) =>
    flatten(item as Json, path === "" ? key : `${path}.${key}`),
  );
}
