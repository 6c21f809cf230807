import { countParameters } from "orrery-lm/models";
import { splitLines, Tokenizer, trainTokenizer } from "orrery-lm/tokenizers";
import { isRun, readRunSettings, train, type TrainResult } from "orrery-lm/training";
import { ConfigError } from "orrery-lm/base";
import { defineCommand, type OptionValues } from "../command.ts";
import { openChosenRuntime } from "../open-runtime.ts";
import { formatDuration, type ProgressBar, progressBar } from "../progress-bar.ts";
import { jsonOption, lossyOption, runtimeOptions } from "../shared-options.ts";
import { shellLine } from "../shell-words.ts";
import { type Interrupts, type Terminal, write } from "../terminal.ts";
import {
  givenSource,
  readSource,
  rememberedSource,
  SOURCE_FILE,
  type TextSource,
} from "../text-source.ts";
import { modelOptions, settingsOf, trainingOptions } from "../train-settings.ts";
import { UsageError } from "../usage-error.ts";

const VOCAB_SIZE = 1024;

const options = {
  out: { type: "text", value: "DIR", isRequired: true, help: "the folder of the run" },
  resume: { type: "flag", help: "go on with the run in the folder, with its settings" },
  stories: {
    type: "whole",
    value: "N",
    min: 1,
    help: "without a file: train on this many characters of built-in stories [2000000]",
  },
  ...lossyOption,
  tokenizer: { type: "text", value: "PATH", help: "a tokenizer.json [learned from the text]" },
  "vocab-size": {
    type: "whole",
    value: "N",
    min: 1,
    help: `tokens of a tokenizer that is learned [${VOCAB_SIZE}]`,
  },
  ...modelOptions,
  ...trainingOptions,
  "save-every": { type: "whole", value: "N", min: 1, help: "steps between two saves [100]" },
  ...runtimeOptions,
  ...jsonOption,
} as const;

type Values = OptionValues<typeof options>;

/** Trains a decoder. */
export default defineCommand({
  description: [
    "Trains a decoder on text files, or on built-in stories where none is named. Ctrl-C saves; a run",
    "that was interrupted or killed goes on with --resume, as if nothing had happened.",
  ].join("\n"),
  operands: { usage: "[FILE…|-]", min: 0, max: Infinity },
  options,
  examples: [
    "orrery train book.txt --out runs/book --position alibi --steps 500",
    "orrery train --resume --out runs/book",
  ],
  run: async ({ values, operands, terminal }) => {
    const { out: folder, resume } = values;
    if (!resume && (await isRun(folder))) {
      throw new ConfigError(
        `${folder} already holds a run; go on with it (--resume), or choose another folder`,
      );
    }
    const interrupts = terminal.catchInterrupts();
    const bar = progressBar(terminal);
    try {
      return await trainRun(values, operands, { terminal, interrupts, bar });
    } catch (error) {
      if (!interrupts.signal.aborted) throw error;
      bar.clear();
      await write(terminal.stderr, "interrupted before the first step; nothing was written\n");
      return 1;
    } finally {
      bar.clear();
      interrupts.release();
    }
  },
});

interface Surroundings {
  readonly terminal: Terminal;
  readonly interrupts: Interrupts;
  readonly bar: ProgressBar;
}

async function trainRun(
  values: Values,
  files: readonly string[],
  { terminal, interrupts, bar }: Surroundings,
): Promise<number> {
  const { out: folder, resume } = values;
  const begun = resume ? await readRunSettings(folder) : undefined;
  const given = { folder, files, stories: values.stories, isLossy: values.lossy };
  const source = begun ? await rememberedSource(given) : givenSource(given);
  // Settings that cannot work are refused before the work begins.
  settingsOf(values, begun, values["vocab-size"] ?? VOCAB_SIZE);
  const text = await readSource(source, given, terminal);
  const tokenizer = await tokenizerOf(values, text, { interrupts, bar });
  const settings = settingsOf(values, begun, tokenizer.vocabSize);
  const { batchSize, sequenceLength, accumulationSteps } = settings.training;
  const perStep = batchSize * sequenceLength * accumulationSteps;
  const start = performance.now();
  let stepsNow = 0;
  const result = await train({
    ...settings,
    tokens: tokenizer.encode(text, { addSpecialTokens: false }),
    runtime: await openChosenRuntime(values, terminal),
    folder,
    resume,
    tokenizerFiles: {
      ...tokenizer.save("tokenizer.json"),
      [SOURCE_FILE]: new TextEncoder().encode(`${JSON.stringify(source, undefined, 2)}\n`),
    },
    saveEvery: values["save-every"] ?? 100,
    signal: interrupts.signal,
    onStep: ({ step, loss }, total) => {
      stepsNow++;
      const rate = Math.round((1000 * perStep * stepsNow) / (performance.now() - start));
      const note = `step ${step}/${total}  loss ${loss.toFixed(3)}  ${rate} tokens/s`;
      bar.update(step / total, note);
    },
  });
  bar.clear();
  const rate = stepsNow === 0 ? null : (1000 * perStep * stepsNow) / result.durationMs;
  await report(result, { values, source, rate }, terminal);
  await result.model.release();
  return result.isComplete ? 0 : 1;
}

async function tokenizerOf(
  values: Values,
  text: string,
  { interrupts, bar }: Pick<Surroundings, "interrupts" | "bar">,
): Promise<Tokenizer> {
  const { out: folder, resume, tokenizer, "vocab-size": vocabSize } = values;
  if (vocabSize !== undefined && (resume || tokenizer !== undefined)) {
    const reason = resume ? "a resumed run keeps its tokenizer" : "--tokenizer names one";
    throw new UsageError(`--vocab-size is for a tokenizer that is learned; ${reason}`);
  }
  if (tokenizer !== undefined) return Tokenizer.load(tokenizer);
  if (resume) return Tokenizer.load(`${folder}/tokenizer.json`);
  return trainTokenizer(splitLines(text), {
    vocabSize: vocabSize ?? VOCAB_SIZE,
    signal: interrupts.signal,
    onProgress: (done, total, note) => bar.update(total && done / total, `tokenizer: ${note}`),
  });
}

interface Outcome {
  readonly values: Values;
  readonly source: TextSource;
  /** Tokens per second; null if no step was left. */
  readonly rate: number | null;
}

async function report(
  { model, history, isComplete, durationMs }: TrainResult,
  { values, source, rate }: Outcome,
  { stdout, stderr }: Terminal,
): Promise<void> {
  const { out: folder, json } = values;
  const last = history.at(-1);
  if (json) {
    const parameters = countParameters(model.architecture.network.parameters());
    const facts = { folder, isComplete, steps: history.length, loss: last?.loss ?? null };
    await write(
      stdout,
      `${JSON.stringify({ ...facts, tokensPerSecond: rate, durationMs, parameters })}\n`,
    );
  }
  if (!isComplete) {
    const text = source.type === "input" ? ["-"] : [];
    const again = shellLine(["orrery", "train", ...text, "--resume", "--out", folder]);
    await write(stderr, `interrupted; saved after step ${history.length}. To go on: ${again}\n`);
  } else if (!json) {
    const speed =
      rate === null ? "" : ` in ${formatDuration(durationMs)}, ${Math.round(rate)} tokens/s`;
    const loss = last ? `, loss ${last.loss.toFixed(4)} nats per token` : "";
    await write(
      stdout,
      `${folder}: ${history.length} steps${speed}${loss}\nTry it: ${shellLine(["orrery", "generate", folder, "--prompt", "One morning"])}\n`,
    );
  }
}
