import type { Experiment } from "../experiment.ts";
import type { LineFigure } from "../report/figure.ts";
import { type Block, type ReportSection, renderReport } from "../report/page.ts";
import type { Table } from "../report/table.ts";
import { tokenizersConclusion } from "./conclusion.ts";
import type {
  TokenizersArm,
  TokenizersOutcome,
  TokenizersRecord,
  TokenizersSettings,
} from "./experiment.ts";
import {
  type TokenizerMeasure,
  hasBlanks,
  languageName,
  measuresFor,
  nameOf,
  recordsOf,
} from "./measures.ts";

/** What {@link renderTokenizersReport} needs. */
export interface TokenizersReportOptions {
  readonly experiment: Experiment<TokenizersArm, TokenizersOutcome>;
  readonly settings: TokenizersSettings;
  readonly records: readonly TokenizersRecord[];
  /** The command that gives the same numbers again. */
  readonly command: string;
  /** ISO 8601. */
  readonly date: string;
}

/** Renders the report of the tokenizer experiment as one HTML file. */
export function renderTokenizersReport(options: TokenizersReportOptions): Promise<string> {
  const { experiment, settings, records, command, date } = options;
  const languages = Object.entries(settings.languages);
  return renderReport({
    title: experiment.title,
    question: experiment.question,
    answer: tokenizersConclusion(
      { sizes: settings.sizes, languages: Object.keys(settings.languages) },
      records,
    ),
    facts: [
      ["Vocabularies", `${settings.sizes.join(", ")} tokens`],
      ...languages.map(
        ([language, { name, characters }]) =>
          [
            languageName(language),
            `${name}, ${characters.toLocaleString("en")} characters`,
          ] as const,
      ),
      ["Unseen", `the last ${100 * settings.heldOut} % of each text`],
    ],
    sections: [
      ...languages.map(([language]) => languageSection(settings, records, language)),
      methodSection(command),
    ],
    footer: `Made ${date.slice(0, 10)} with orrery-lm.`,
  });
}

function languageSection(
  settings: TokenizersSettings,
  records: readonly TokenizersRecord[],
  language: string,
): ReportSection {
  const measures = measuresFor(hasBlanks(records, language));
  const figures = measures.map((measure): Block => ({
    type: "figure",
    figure: measureFigure(settings, recordsOf(records, language), measure),
    caption: `${measure.title} on unseen ${languageName(language)} text, by the size of the vocabulary.`,
  }));
  const samples = recordsOf(records, language).map(({ algorithm, record }) => {
    const { size, sample } = record.outcome.sizes.at(-1)!;
    return { title: `${nameOf(algorithm)}, ${size} tokens`, text: sample.join("│") };
  });
  return {
    heading: languageName(language),
    blocks: [
      ...figures,
      { type: "table", table: languageTable(records, language) },
      { type: "text", text: "The beginning of the unseen text, with bars between its tokens:" },
      { type: "samples", samples },
    ],
  };
}

function measureFigure(
  { sizes }: TokenizersSettings,
  records: ReturnType<typeof recordsOf>,
  { title, unit, of }: TokenizerMeasure,
): LineFigure {
  return {
    title,
    description: `${title} of every algorithm at vocabularies of ${sizes.join(", ")} tokens`,
    x: { label: "tokens in the vocabulary", scale: "log2", ticks: sizes },
    y: { label: unit },
    series: records.map(({ algorithm, record }) => ({
      name: nameOf(algorithm),
      points: record.outcome.sizes.map(({ size, measures }) => ({ x: size, y: of(measures) })),
    })),
  };
}

function languageTable(records: readonly TokenizersRecord[], language: string): Table {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const numeric = (label: string) => ({ label, isNumeric: true });
  return {
    caption: `The unseen ${languageName(language)} text in numbers`,
    columns: [
      { label: "algorithm" },
      ...["size", "tokens", "per word", "chars/token", "bytes/token"].map(numeric),
      ...["unknown", "used", "Rényi efficiency", "lines that come back"].map(numeric),
    ],
    rows: recordsOf(records, language).flatMap(({ algorithm, record }, slot) =>
      record.outcome.sizes.map(({ size, measures: m }) => ({
        slot,
        cells: [
          nameOf(algorithm),
          String(m.vocabSize === size ? size : `${m.vocabSize} of ${size}`),
          m.tokens.toLocaleString("en"),
          m.fertility.toFixed(2),
          m.charactersPerToken.toFixed(2),
          m.bytesPerToken.toFixed(2),
          percent(m.unknownRate),
          percent(m.vocabularyUsed),
          m.renyiEfficiency.toFixed(3),
          percent(m.roundTrip),
        ],
      })),
    ),
  };
}

function methodSection(command: string): ReportSection {
  return {
    heading: "How it was done",
    blocks: [
      {
        type: "text",
        text:
          "All learn from the same lines. BPE joins bytes, so it knows every text; WordPiece and " +
          "Unigram take the most frequent characters into their alphabet, at most 60 % of the " +
          "vocabulary, and the rest is unknown. WordPiece joins the pair that raises the likelihood " +
          "of the text most, the pair with the highest ratio of its frequency to those of its " +
          "parts, or the most frequent pair, which is BPE's rule with another way to encode. " +
          "A word with anything unknown is one token of WordPiece, so few tokens with many unknown ones " +
          "are no merit. Nothing is random.",
      },
      {
        type: "text",
        text:
          "Fewer tokens are not yet a better language model: compare models that use different " +
          "tokenizers in bits per byte, never in loss per token.",
      },
      { type: "code", code: command },
    ],
  };
}
