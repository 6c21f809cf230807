import {
  extrapolationForms,
  extrapolationTable,
  generateStories,
  runExtrapolation,
} from "orrery-lm/lab";
import { UsageError, defineCommand, wholeNumber } from "../command.ts";
import { Interrupted, interruption } from "../interruption.ts";
import { ProgressBar, duration } from "../progress-bar.ts";
import { readText } from "../read-text.ts";
import { runtimeOf, runtimeOptions } from "../runtime-option.ts";

const STORY_CHARACTERS = 2_000_000;
const SAMPLE_CHARACTERS = 160;
const experiments = {
  extrapolation: "which position encoding survives reading longer than it was trained on",
};

/** `3` as seeds 1, 2, 3; `4,7` as they are. */
function readSeeds(text: string): number[] {
  if (text.includes(",")) return text.split(",").map((part) => wholeNumber("seeds", part));
  return Array.from({ length: wholeNumber("seeds", text, 1) }, (_, i) => i + 1);
}

/** A folder's name for a data file: `runs/extrapolation-tinyshakespeare`. */
function folderFor(name: string, data: string | undefined): string {
  const base = data
    ?.split("/")
    .at(-1)
    ?.replace(/\.\w+$/, "")
    .replaceAll(/[^\w-]/g, "-");
  return `runs/${name}${base === undefined ? "" : `-${base}`}`;
}

/** `orrery lab extrapolation` */
export default defineCommand({
  usage: "lab [EXPERIMENT] [options]",
  summary: "Run an experiment and write its report. Without a name: list the experiments.",
  options: {
    quick: { type: "boolean", default: false, help: "the short form: minutes on two cores" },
    data: {
      type: "string",
      value: "FILE",
      help: "text to train on; - for standard input (default: built-in stories)",
    },
    seeds: {
      type: "string",
      value: "N",
      default: "1",
      help: "how many seeds, or a list such as 4,7",
    },
    arms: { type: "string", value: "A,B", help: "only these arms" },
    out: {
      type: "string",
      value: "DIR",
      help: "folder for the runs and report.html (default: runs/EXPERIMENT)",
    },
    json: { type: "boolean", default: false, help: "print the outcomes as JSON" },
    lossy: { type: "boolean", default: false, help: "replace bytes that are not UTF-8" },
    ...runtimeOptions,
  },
  example:
    "orrery lab extrapolation --quick --data novel.txt\nruns/extrapolation-novel/report.html has the curves.",

  async run(values, [name, ...rest]) {
    if (name === undefined || name === "list") {
      for (const [key, about] of Object.entries(experiments))
        process.stdout.write(`${key.padEnd(16)} ${about}\n`);
      return;
    }
    if (!Object.hasOwn(experiments, name) || rest.length > 0) {
      throw new UsageError(
        `expected the name of an experiment (${Object.keys(experiments).join(", ")}), got ${[name, ...rest].join(" ")}`,
      );
    }
    const { quick, data, json } = values;
    const seeds = readSeeds(values.seeds);
    const out = values.out ?? (quick ? `${folderFor("demo", data)}` : folderFor(name, data));
    const text =
      data === undefined
        ? generateStories(0, STORY_CHARACTERS)
        : await readText(data, values.lossy);
    const form = extrapolationForms[quick ? "quick" : "full"];
    const dataName =
      data === undefined
        ? "built-in stories"
        : data === "-"
          ? "standard input"
          : data.split("/").at(-1)!;
    const command = [
      "npx orrery-lm lab extrapolation",
      ...(quick ? ["--quick"] : []),
      ...(data === undefined ? [] : [`--data ${data}`]),
      ...(values.seeds === "1" ? [] : [`--seeds ${values.seeds}`]),
      ...(values.arms === undefined ? [] : [`--arms ${values.arms}`]),
    ].join(" ");
    if (!json) {
      process.stderr.write(
        `Extrapolation: decoders that differ only in their position encoding, trained on ${form.trainLength} tokens, read at up to ${form.trainLength * 8}.\nText: ${dataName}, ${text.length.toLocaleString("en-US")} characters. Each arm: ${form.steps} steps of ${form.batchSize} × ${form.trainLength} tokens.\n`,
      );
    }
    const runtime = await runtimeOf(values);
    const signal = interruption();
    const bar = new ProgressBar();
    const begun = performance.now();
    try {
      const records = await runExtrapolation({
        text,
        dataName,
        form,
        seeds,
        folder: out,
        runtime,
        command,
        signal,
        ...(values.arms !== undefined && { arms: values.arms.split(",") }),
        provenance: { node: process.version, platform: `${process.platform} ${process.arch}` },
        onTokenizer: (done, total, note) =>
          bar.update(0, `tokenizer: ${note ?? ""} ${done}${total ? ` of ${total}` : ""}`),
        onProgress: ({ fraction, arm, seed, note = "" }) =>
          bar.update(fraction, `${arm}, seed ${seed}  ${note}`),
      });
      bar.finish();
      if (json) {
        process.stdout.write(`${JSON.stringify(records)}\n`);
        return;
      }
      process.stdout.write(`\n${extrapolationTable(records)}\n\nWhat they write (first seed):\n`);
      for (const { arm, seed, outcome } of records) {
        const sample = outcome.sample.replaceAll(/\s+/g, " ").slice(0, SAMPLE_CHARACTERS);
        if (seed === seeds[0]) process.stdout.write(`  ${arm.padEnd(11)} ${sample} …\n`);
      }
      const seconds = (performance.now() - begun) / 1000;
      process.stdout.write(
        `\n${duration(seconds)}. Curves, losses by position and settings: ${out}/report.html\nAgain: ${command}\n`,
      );
    } catch (error) {
      bar.finish();
      if (!signal.aborted) throw error;
      throw new Interrupted(
        `stopped; what is done is kept in ${out}. The same command goes on from there`,
      );
    }
  },
});
