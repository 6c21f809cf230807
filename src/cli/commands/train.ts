import { exists } from "#files";
import { generateStories } from "orrery-lm/lab";
import { positionEncodingNames } from "orrery-lm/models";
import { Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";
import {
  defaultTrainingOptions,
  readRunSettings,
  train,
  type RunSettings,
  type TrainingOptions,
} from "orrery-lm/training";
import { UsageError, defineCommand, realNumber, wholeNumber } from "../command.ts";
import { Interrupted, interruption } from "../interruption.ts";
import { ProgressBar, duration } from "../progress-bar.ts";
import { readTexts } from "../read-text.ts";
import { runtimeOf, runtimeOptions } from "../runtime-option.ts";

const defaults = defaultTrainingOptions;
const text = (value: string, help: string): { type: "string"; value: string; help: string } => ({
  type: "string",
  value,
  help,
});

const trainingOptions = {
  steps: text("N", `optimizer steps (default ${defaults.steps})`),
  "batch-size": text("N", `sequences per pass (default ${defaults.batchSize})`),
  "sequence-length": text("N", `tokens per sequence (default ${defaults.sequenceLength})`),
  accumulate: text("N", "passes per step (default 1)"),
  "learning-rate": text("X", `largest learning rate (default ${defaults.learningRate})`),
  warmup: text("N", `steps until it is reached (default ${defaults.warmupSteps})`),
  "weight-decay": text("X", `(default ${defaults.weightDecay})`),
  clip: text("X", `limit of the gradients' norm (default ${defaults.clipNorm})`),
  seed: text("N", `(default ${defaults.seed})`),
} as const;

const modelOptions = {
  position: text("NAME", `position encoding: ${positionEncodingNames.join(", ")} (default rope)`),
  layers: text("N", "(default 4)"),
  "hidden-size": text("N", "channels (default 128)"),
  heads: text("N", "attention heads (default 4)"),
  "intermediate-size": text(
    "N",
    "inner channels of the feed-forward network (default 8/3 of the channels)",
  ),
} as const;

type Values<T> = { [K in keyof T]?: string | undefined };

/** Settings from the options, the rest from the run that is resumed, or from the defaults. */
function trainingOf(
  values: Values<typeof trainingOptions>,
  base: TrainingOptions,
): TrainingOptions {
  const whole = (name: keyof typeof trainingOptions, otherwise: number): number =>
    values[name] === undefined ? otherwise : wholeNumber(name, values[name]);
  const real = (name: keyof typeof trainingOptions, otherwise: number): number =>
    values[name] === undefined ? otherwise : realNumber(name, values[name]);
  return {
    ...base,
    steps: whole("steps", base.steps),
    batchSize: whole("batch-size", base.batchSize),
    sequenceLength: whole("sequence-length", base.sequenceLength),
    accumulationSteps: whole("accumulate", base.accumulationSteps),
    learningRate: real("learning-rate", base.learningRate),
    warmupSteps: whole("warmup", base.warmupSteps),
    weightDecay: real("weight-decay", base.weightDecay),
    clipNorm: real("clip", base.clipNorm),
    seed: whole("seed", base.seed),
  };
}

function configOf(
  values: Values<typeof modelOptions>,
  {
    vocabSize,
    sequenceLength,
    begun,
  }: {
    vocabSize: number;
    sequenceLength: number;
    begun?: Readonly<Record<string, unknown>> | undefined;
  },
): Record<string, unknown> {
  const whole = (name: keyof typeof modelOptions, key: string, otherwise: number): number =>
    values[name] === undefined
      ? ((begun?.[key] as number | undefined) ?? otherwise)
      : wholeNumber(name, values[name], 1);
  const hidden = whole("hidden-size", "hidden_size", 128);
  return {
    model_type: "orrery",
    position_encoding: values.position ?? begun?.["position_encoding"] ?? "rope",
    vocab_size: vocabSize,
    hidden_size: hidden,
    num_hidden_layers: whole("layers", "num_hidden_layers", 4),
    num_attention_heads: whole("heads", "num_attention_heads", 4),
    intermediate_size: whole(
      "intermediate-size",
      "intermediate_size",
      Math.ceil((hidden * 8) / 3 / 8) * 8,
    ),
    max_position_embeddings:
      (begun?.["max_position_embeddings"] as number | undefined) ?? sequenceLength,
  };
}

function* linesOf(texts: readonly string[]): Generator<string> {
  for (const one of texts) yield* splitLines(one);
}

/** `orrery train` */
export default defineCommand({
  usage: "train [FILE ...] --out DIR",
  summary: "Train a decoder on text files (built-in stories without one), or go on with a run.",
  options: {
    out: text("DIR", "folder of the run"),
    resume: {
      type: "boolean",
      default: false,
      help: "go on with the run in --out, with its settings",
    },
    tokenizer: text("PATH", "tokenizer.json (default: learn one from the text)"),
    "vocab-size": text("N", "tokens of the tokenizer that is learned (default 1024)"),
    ...modelOptions,
    ...trainingOptions,
    stories: text("N", "characters of built-in stories, where no file is named (default 2000000)"),
    "save-every": text("N", "steps between saves (default 100)"),
    lossy: { type: "boolean", default: false, help: "replace bytes that are not UTF-8" },
    json: { type: "boolean", default: false, help: "print the metrics of each step as JSON lines" },
    ...runtimeOptions,
  },
  example:
    "orrery train novel.txt --out runs/novel --position alibi --steps 500\norrery train novel.txt --out runs/novel --resume",

  async run(values, files) {
    const { out, resume, json } = values;
    if (out === undefined) throw new UsageError("--out DIR is missing");
    const begun: RunSettings | undefined = resume ? await readRunSettings(out) : undefined;
    const texts =
      files.length > 0
        ? await readTexts(files, values.lossy)
        : [generateStories(0, wholeNumber("stories", values.stories ?? "2000000", 1))];
    const signal = interruption();
    const bar = new ProgressBar();
    const tokenizer = await tokenizerFor(values, { texts, out, bar, signal });
    const training = trainingOf(values, begun?.training ?? defaults);
    const config = configOf(values, {
      vocabSize: tokenizer.vocabSize,
      sequenceLength: training.sequenceLength,
      begun: begun?.config,
    });
    const tokens = tokenizer.encode(texts.join("\n"), { addSpecialTokens: false });
    const runtime = await runtimeOf(values);
    const perStep = training.batchSize * training.sequenceLength * training.accumulationSteps;
    const started = performance.now();
    let done = 0;
    const { history, isComplete, durationMs } = await train({
      config,
      training,
      tokens,
      runtime,
      folder: out,
      resume,
      signal,
      tokenizerFiles: tokenizer.save("tokenizer.json"),
      saveEvery: wholeNumber("save-every", values["save-every"] ?? "100", 1),
      onStep: (metrics, total) => {
        done++;
        const rate = Math.round((1000 * perStep * done) / (performance.now() - started));
        bar.update(
          metrics.step / total,
          `step ${metrics.step} of ${total}  loss ${metrics.loss.toFixed(4)}  ${rate} tokens/s`,
        );
        if (json) process.stdout.write(`${JSON.stringify(metrics)}\n`);
      },
    });
    bar.finish();
    if (!isComplete) {
      const inputs = files.length > 0 ? `${files.join(" ")} ` : "";
      throw new Interrupted(
        `stopped after step ${history.length} of ${training.steps}; saved. Go on with: orrery train ${inputs}--out ${out} --resume`,
      );
    }
    if (json) return;
    const last = history.at(-1)!;
    const rate = done > 0 ? `, ${Math.round((1000 * perStep * done) / durationMs)} tokens/s` : "";
    process.stdout.write(
      `${training.steps} steps, loss ${last.loss.toFixed(4)} nats per token, ${duration(durationMs / 1000)}${rate} → ${out}\nTry: orrery generate ${out} --prompt "Once"\n`,
    );
  },
});

async function tokenizerFor(
  values: { tokenizer?: string | undefined; resume: boolean; "vocab-size"?: string | undefined },
  {
    texts,
    out,
    bar,
    signal,
  }: { texts: readonly string[]; out: string; bar: ProgressBar; signal: AbortSignal },
): Promise<Tokenizer> {
  if (values.tokenizer !== undefined) return Tokenizer.load(values.tokenizer);
  const own = `${out}/tokenizer.json`;
  if (values.resume && (await exists(own))) return Tokenizer.load(own);
  try {
    return await trainTokenizer(linesOf(texts), {
      vocabSize: wholeNumber("vocab-size", values["vocab-size"] ?? "1024", 1),
      onProgress: (step, total, note) =>
        bar.update(0, `tokenizer: ${note ?? ""} ${step}${total ? ` of ${total}` : ""}`),
      signal,
    });
  } catch (error) {
    bar.finish();
    throw signal.aborted ? new Interrupted("stopped; nothing was written") : error;
  }
}
