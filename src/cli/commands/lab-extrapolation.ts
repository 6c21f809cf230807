import { suggestion } from "orrery-lm/base";
import { basename } from "node:path";
import {
  type ExtrapolationForm,
  type ExtrapolationRecord,
  type ExtrapolationRunOptions,
  extrapolationArmNames,
  extrapolationForms,
  extrapolationTable,
  generateStories,
  runExtrapolation,
  summarizeExtrapolation,
} from "orrery-lm/lab";
import { defineCommand, type OptionValues } from "../command.ts";
import { openChosenRuntime } from "../open-runtime.ts";
import { readWhole, readWholes } from "../parse-arguments.ts";
import { readText } from "../read-text.ts";
import { runExperimentCommand } from "../run-experiment.ts";
import { experimentOptions, jsonOption, lossyOption, runtimeOptions } from "../shared-options.ts";
import { shellLine } from "../shell-words.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const STORY_CHARACTERS = 2_000_000;
const SAMPLE_CHARACTERS = 240;

const options = {
  quick: { type: "flag", help: "the short form: minutes instead of half an hour a seed" },
  data: { type: "text", value: "FILE", help: "text to learn from [built-in stories]" },
  seeds: { type: "text", value: "N|A,B,…", help: "how many seeds, or which ones [1]" },
  arms: {
    type: "text",
    value: "A,B,…",
    help: `fewer arms than ${extrapolationArmNames.join(", ")}`,
  },
  steps: { type: "whole", value: "N", min: 1, help: "other steps of training than the form's" },
  out: { type: "text", value: "DIR", help: "folder for the results [runs/extrapolation…]" },
  ...experimentOptions,
  ...lossyOption,
  ...runtimeOptions,
  ...jsonOption,
} as const;

type Values = OptionValues<typeof options>;
type Run = Pick<ExtrapolationRunOptions, "form" | "seeds" | "arms">;

/** Runs the extrapolation experiment. */
export default defineCommand({
  description: [
    "Trains decoders that differ only in their position encoding, reads with each far past its",
    "training length, and writes a report. What is finished in the folder is not run again, and",
    "an interrupted experiment goes on.",
  ].join("\n"),
  operands: { usage: "", min: 0, max: 0 },
  options,
  examples: [
    "orrery lab extrapolation --quick",
    "orrery lab extrapolation --quick --data book.txt --arms rope,alibi",
    "orrery lab extrapolation --seeds 3 --out runs/three-seeds",
  ],
  run: async ({ values, terminal }) => {
    const folder = values.out ?? defaultFolder(values);
    const settings = {
      form: formOf(values),
      seeds: readSeeds(values.seeds ?? "1"),
      ...(values.arms !== undefined && { arms: readArms(values.arms) }),
    };
    const data = await readData(values, terminal);
    const runtime = await openChosenRuntime(values, terminal);
    return runExperimentCommand<ExtrapolationRecord>(
      {
        folder,
        command: shellLine(commandOf(values, folder)),
        introduction: introduction(settings, data.dataName),
        run: (surroundings, showProgress) =>
          runExtrapolation({
            ...surroundings,
            ...settings,
            ...data,
            runtime,
            onTokenizer: (done, total, note) =>
              showProgress(total && done / total, `tokenizer: ${note}`),
          }),
        result: resultText,
      },
      values,
      terminal,
    );
  },
});

async function readData(
  { data, lossy }: Values,
  terminal: Terminal,
): Promise<{ text: string; dataName: string }> {
  if (data === undefined) {
    return { text: generateStories(0, STORY_CHARACTERS), dataName: "built-in stories, seed 0" };
  }
  const text = await readText([data], terminal, { isLossy: lossy });
  return { text, dataName: data === "-" ? "standard input" : basename(data) };
}

function defaultFolder({ quick, data }: Values): string {
  const name = data === undefined ? "" : `-${basename(data).replace(/\.\w+$/, "")}`;
  return `runs/extrapolation${quick ? "-quick" : ""}${name}`;
}

function readSeeds(text: string): number[] {
  if (text.includes(",")) return readWholes("--seeds", text, 0);
  return Array.from({ length: readWhole("--seeds", text, 1) }, (_, i) => i + 1);
}

function readArms(text: string): string[] {
  const known = extrapolationArmNames;
  const arms = text.split(",").map((name) => name.trim());
  const unknown = arms.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--arms: expected some of ${known.join(", ")}; got ${JSON.stringify(unknown)}${suggestion(unknown, known)}`,
    );
  }
  return arms;
}

function formOf({ quick, steps }: Values): ExtrapolationForm {
  const form = extrapolationForms[quick ? "quick" : "full"];
  return steps === undefined ? form : { ...form, steps };
}

function commandOf(
  { quick, data, seeds, arms, steps, lossy, runtime }: Values,
  folder: string,
): string[] {
  return [
    "npx",
    "orrery",
    "lab",
    "extrapolation",
    ...(quick ? ["--quick"] : []),
    ...(data === undefined ? [] : ["--data", data]),
    ...(seeds === undefined ? [] : ["--seeds", seeds]),
    ...(arms === undefined ? [] : ["--arms", arms]),
    ...(steps === undefined ? [] : ["--steps", String(steps)]),
    ...(lossy ? ["--lossy"] : []),
    ...(runtime === undefined ? [] : ["--runtime", runtime]),
    "--out",
    folder,
  ];
}

function introduction(
  { form, seeds, arms = extrapolationArmNames }: Run,
  dataName: string,
): string {
  const runs = seeds.length === 1 ? "" : `, ${seeds.length} seeds each`;
  return (
    `Which position encoding survives length? Training ${arms.join(", ")}${runs}: ` +
    `${form.steps} steps on ${form.trainLength} tokens of ${dataName}, then reading up to 8 times as many.`
  );
}

function resultText(records: readonly ExtrapolationRecord[]): string {
  const samples = summarizeExtrapolation(records).arms.map(({ label, samples }) => {
    const text = (samples[0]?.text ?? "").replaceAll(/\s+/g, " ").trim();
    const short = text.length > SAMPLE_CHARACTERS ? `${text.slice(0, SAMPLE_CHARACTERS)}…` : text;
    return `${label}\n  ${short}`;
  });
  return [
    extrapolationTable(records),
    "",
    "What they write (the beginning is given)",
    "",
    ...samples,
  ].join("\n");
}
