/** The tokenizer experiment from texts to its report. */

import { ConfigError } from "orrery-lm/base";
import { type Tokenizer, compare } from "orrery-lm/tokenizers";
import { writeFilesAtomic } from "#files";
import { type ExperimentProgress, runExperiment } from "../runner.ts";
import { folderStore } from "../store.ts";
import {
  type LanguageText,
  type SizeOutcome,
  type TokenizersArm,
  type TokenizersRecord,
  tokenizersExperiment,
} from "./experiment.ts";
import { learnTokenizer } from "./learn.ts";
import { renderTokenizersReport } from "./report.ts";

/** A text to learn from and to measure on. */
export interface TokenizersText {
  /** The key of its language: "en". */
  readonly language: string;
  /** Where it is from, for the report. */
  readonly name: string;
  readonly text: string;
}

/** What {@link runTokenizers} needs. */
export interface TokenizersRunOptions {
  readonly texts: readonly TokenizersText[];
  /** Tokens of the vocabularies. */
  readonly sizes: readonly number[];
  /** Folder for outcomes, tokenizers and report.html. */
  readonly folder: string;
  /** The command that gives the same numbers again, for the report. */
  readonly command: string;
  readonly provenance?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: ExperimentProgress) => void;
  readonly signal?: AbortSignal;
}

/** 500, 1000, 2000 and 4000 tokens. */
export const tokenizersSizes: readonly number[] = [500, 1000, 2000, 4000];

const HELD_OUT = 0.1;
const SAMPLE_CHARACTERS = 90;

/**
 * Learns every tokenizer from all but the last tenth of each text, measures it on that tenth, and
 * writes the report. What is finished is not run again.
 *
 * @returns the outcomes, by language, then by algorithm
 * @throws {ConfigError} if a text is too short, or the folder has outcomes of other settings.
 */
export async function runTokenizers(options: TokenizersRunOptions): Promise<TokenizersRecord[]> {
  const { texts, sizes, folder, command, provenance, onProgress, signal } = options;
  const parts = new Map(texts.map((one) => [one.language, holdOut(one)]));
  const described = await Promise.all(
    texts.map(async (one) => [one.language, await describeText(one)] as const),
  );
  const settings = { sizes, heldOut: HELD_OUT, languages: Object.fromEntries(described) };
  const experiment = tokenizersExperiment({
    settings,
    run: async (arm, context) => {
      const outcomes: SizeOutcome[] = [];
      for (const [i, size] of sizes.entries()) {
        context.signal.throwIfAborted();
        context.progress(i, sizes.length, `${size} tokens`);
        // One size after the other: each uses a core of its own already.
        // oxlint-disable-next-line no-await-in-loop
        outcomes.push(await runSize(arm, size, parts.get(arm.language)!, context));
      }
      return { sizes: outcomes };
    },
  });
  const records = await runExperiment(experiment, {
    out: folderStore(folder),
    ...(provenance && { provenance }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  const date = new Date().toISOString();
  const report = await renderTokenizersReport({ experiment, settings, records, command, date });
  await writeFilesAtomic(folder, { "report.html": new TextEncoder().encode(report) });
  return records;
}

interface TextParts {
  readonly learned: string;
  readonly unseen: string;
}

async function runSize(
  { algorithm }: TokenizersArm,
  size: number,
  { learned, unseen }: TextParts,
  {
    signal,
    store,
  }: { readonly signal: AbortSignal; readonly store: ReturnType<typeof folderStore> },
): Promise<SizeOutcome> {
  const tokenizer = await learnTokenizer(learned, { algorithm, vocabSize: size, signal });
  await store.folder(String(size)).write(tokenizer.save("tokenizer.json"));
  const [measures] = compare(unseen.split("\n").filter(Boolean), [tokenizer]);
  return { size, measures: measures!, sample: sampleOf(tokenizer, unseen) };
}

/** The last tenth of the lines is for measuring. */
function holdOut({ language, text }: TokenizersText): TextParts {
  const cut = text.lastIndexOf("\n", Math.floor((1 - HELD_OUT) * text.length)) + 1;
  const [learned, unseen] = [text.slice(0, cut), text.slice(cut)];
  if (learned.length < 1000 || unseen.length < 100) {
    throw new ConfigError(
      `tokenizers: the text for ${language} is too short: expected some thousand characters in ` +
        `lines, got ${text.length}`,
    );
  }
  return { learned, unseen };
}

/** The beginning of the unseen text, cut at the tokens. */
function sampleOf(tokenizer: Tokenizer, unseen: string): readonly string[] {
  const text = firstSentences(unseen.trim());
  const { offsets } = tokenizer.encodeFull(text, undefined, { addSpecialTokens: false });
  const cuts = [...new Set([0, ...offsets.map(([, end]) => end), text.length])];
  return cuts.slice(1).map((end, i) => text.slice(cuts[i], end));
}

function firstSentences(text: string): string {
  const line = text.split("\n")[0]!;
  const end = line.slice(0, SAMPLE_CHARACTERS).search(/[.!?。！？](?=[^.!?。！？]*$)/);
  return line.slice(0, end < 20 ? SAMPLE_CHARACTERS : end + 1);
}

async function describeText({ name, text }: TokenizersText): Promise<LanguageText> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const sha256 = Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join(
    "",
  );
  return { name, characters: text.length, sha256 };
}
