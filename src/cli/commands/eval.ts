import { ConfigError } from "orrery-lm/base";
import type { Model } from "orrery-lm/models";
import { evaluate, isRun, readRunSettings } from "orrery-lm/training";
import { defineCommand } from "../command.ts";
import { openRun } from "../open-run.ts";
import { readWholes } from "../parse-arguments.ts";
import { progressBar } from "../progress-bar.ts";
import { readText } from "../read-text.ts";
import { jsonOption, lossyOption, runtimeOptions } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { UsageError } from "../usage-error.ts";

const MAX_TOKENS = 65_536;
const SHOWN_RANGES = 16;

interface Reading {
  readonly length: number;
  readonly windows: "apart" | "sliding";
  readonly stride: number;
  /** Nats per token. */
  readonly loss: number;
  readonly bitsPerByte: number;
  /** Tokens scored. */
  readonly tokens: number;
  readonly perPosition?: readonly (number | null)[];
}

/** Measures losses. */
export default defineCommand({
  description: [
    "Measures how well the model in the folder DIR predicts a text when it reads windows of a given",
    "length: apart (side by side, every token counts) and sliding (only the last tokens of each",
    "window count, so that all have much before them). Loss is in nats per token.",
  ].join("\n"),
  operands: { usage: "DIR [FILE|-]", min: 1, max: 2 },
  options: {
    length: {
      type: "text",
      value: "L,…",
      help: "lengths of windows, in tokens [the run's training length]",
    },
    stride: {
      type: "whole",
      value: "S",
      min: 1,
      help: "tokens between sliding windows [a quarter of the length]",
    },
    tokens: {
      type: "whole",
      value: "N",
      min: 1,
      help: `how much of the text to read [its first ${MAX_TOKENS} tokens]`,
    },
    "per-position": { type: "flag", help: "also the loss at the positions of a window" },
    tokenizer: { type: "text", value: "PATH", help: "another tokenizer than the folder's own" },
    ...lossyOption,
    ...runtimeOptions,
    ...jsonOption,
  },
  examples: ["orrery eval runs/book held-out.txt --length 128,256,1024"],
  run: async ({ values, operands, terminal }) => {
    const [folder, file = "-"] = operands as [string, string?];
    const lengths =
      values.length === undefined ? undefined : readWholes("--length", values.length, 1);
    const { stride } = values;
    const tooShort = stride === undefined ? undefined : lengths?.find((one) => one < stride);
    if (tooShort !== undefined) {
      throw new UsageError(`--stride: expected at most the length ${tooShort}, got ${stride}`);
    }
    const { model, tokenizer } = await openRun(folder, values, terminal);
    const read = lengths ?? [await trainingLength(folder)];
    checkLengths(model, read);
    const text = await readText([file], terminal, { isLossy: values.lossy });
    const all = tokenizer.encode(text, { addSpecialTokens: false });
    const maxTokens = values.tokens ?? MAX_TOKENS;
    const tokens = all.subarray(0, maxTokens + 1);
    const bytes = new TextEncoder().encode(tokenizer.decode(tokens)).length;
    const bar = progressBar(terminal);
    const readings: Reading[] = [];
    try {
      for (const length of read) {
        const strides = [length, stride ?? Math.max(1, Math.floor(length / 4))];
        for (const [i, step] of strides.entries()) {
          const windows = i === 0 ? "apart" : "sliding";
          bar.update(readings.length / (2 * read.length), `length ${length}, windows ${windows}`);
          // oxlint-disable-next-line no-await-in-loop
          const result = await evaluate(model, tokens, { length, stride: step, maxTokens });
          const bitsPerByte = (result.loss / Math.LN2) * (tokens.length / bytes);
          const perPosition = Array.from(result.perPosition, (x) => (Number.isNaN(x) ? null : x));
          readings.push({
            length,
            windows,
            stride: step,
            loss: result.loss,
            bitsPerByte,
            tokens: result.tokens,
            ...(values["per-position"] && { perPosition }),
          });
        }
      }
    } finally {
      bar.clear();
      await model.release();
    }
    await write(
      terminal.stdout,
      values.json ? `${JSON.stringify({ readings })}\n` : `${tables(readings)}\n`,
    );
    return 0;
  },
});

async function trainingLength(folder: string): Promise<number> {
  if (await isRun(folder)) return (await readRunSettings(folder)).training.sequenceLength;
  throw new UsageError(`--length is missing; ${folder} does not say how it was trained`);
}

/** Refuses all before the first is read. */
function checkLengths({ architecture }: Model, lengths: readonly number[]): void {
  const { maxPositions = Infinity } = architecture.network;
  const tooLong = lengths.find((length) => length > maxPositions);
  if (tooLong === undefined) return;
  throw new ConfigError(
    `a length of ${tooLong} tokens is past the model's table of learned positions, which has ${maxPositions} rows (xPos has none, but its scales reach no further); choose at most ${maxPositions}, or a model with RoPE or ALiBi`,
  );
}

function tables(readings: readonly Reading[]): string {
  const overview = textTable([
    ["length", "windows", "stride", "nats/token", "bits/byte", "tokens"],
    ...readings.map(({ length, windows, stride, loss, bitsPerByte, tokens }) => [
      String(length),
      windows,
      String(stride),
      loss.toFixed(4),
      bitsPerByte.toFixed(4),
      String(tokens),
    ]),
  ]);
  const details = readings.flatMap(({ length, windows, perPosition }) =>
    perPosition ? [`Length ${length}, windows ${windows}\n${positionTable(perPosition)}`] : [],
  );
  return [overview, ...details].join("\n\n");
}

function positionTable(losses: readonly (number | null)[]): string {
  const width = Math.ceil(losses.length / SHOWN_RANGES);
  const rows = Array.from({ length: Math.ceil(losses.length / width) }, (_, i) => {
    const part = losses.slice(i * width, (i + 1) * width);
    const scored = part.filter((loss) => loss !== null);
    const mean = scored.reduce((sum, loss) => sum + loss, 0) / scored.length;
    const first = i * width;
    const range = part.length === 1 ? `${first}` : `${first} to ${first + part.length - 1}`;
    return [range, scored.length === 0 ? "–" : mean.toFixed(4)];
  });
  return textTable([["positions", "nats/token"], ...rows]);
}
