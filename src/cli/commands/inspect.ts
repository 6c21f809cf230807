import { ConfigError, suggestion } from "orrery-lm/base";
import { exists, readFileBytes, writeFilesAtomic } from "#files";
import { ConfigReader } from "orrery-lm/formats";
import {
  compareModels,
  inspectModel,
  missingParts,
  openRegistry,
  tinyConfig,
  type ModelInspection,
} from "orrery-lm/models";
import { dirname, basename } from "node:path";
import { defineCommand } from "../command.ts";
import { inspectionPage } from "../inspect-page.ts";
import { differenceText, inspectionText } from "../inspect-text.ts";
import { jsonOption } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

/** Explains a model, or says how two differ. */
export default defineCommand({
  description: [
    "Explains a model in words and a picture: its parts and the choices in them, its parameters by",
    "part, the work and the memory for a token, what was assumed, and which questions it is an",
    "example for. Only config.json is read. Operations are multiplications and additions, forward.",
    "MODEL is a folder, hf:org/name of a hub, or a family or model of the registry, of which a tiny",
    "one is made. With --diff and two models it says what differs, part by part.",
  ].join("\n"),
  operands: { usage: "MODEL [MODEL]", min: 1, max: 2 },
  options: {
    diff: { type: "flag", help: "compare two models" },
    length: {
      type: "whole",
      value: "N",
      min: 1,
      help: "tokens of the text that costs are told for (default 2048)",
    },
    html: { type: "text", value: "FILE", help: "write a page with a picture, which opens offline" },
    ...jsonOption,
  },
  examples: [
    "orrery inspect checkpoints/gpt2",
    "orrery inspect hf:Qwen/Qwen3-0.6B --html qwen3.html",
    "orrery inspect mixtral --length 32768",
    "orrery inspect --diff llama-2 qwen-3",
  ],
  run: async ({ values, operands, terminal: { stdout } }) => {
    const [first, second] = operands;
    if (values.diff !== (second !== undefined)) {
      throw new UsageError(
        values.diff
          ? "--diff: expected two models, got one"
          : "two models are compared with --diff",
      );
    }
    if (values.diff && values.html !== undefined)
      throw new UsageError("--html shows one model; leave it out with --diff");
    const { length = 2048 } = values;
    const a = await inspect(first!, length);
    if (second !== undefined) {
      const found = compareModels(a, await inspect(second, length));
      const text = values.json ? JSON.stringify(found) : differenceText([first!, second], found);
      await write(stdout, `${text}\n`);
      return 0;
    }
    if (values.html !== undefined) {
      const page = new TextEncoder().encode(await inspectionPage(first!, a));
      await writeFilesAtomic(dirname(values.html), { [basename(values.html)]: page });
    }
    await write(stdout, `${values.json ? JSON.stringify(a) : inspectionText(a)}\n`);
    return 0;
  },
});

async function inspect(name: string, length: number): Promise<ModelInspection> {
  return inspectModel(await readConfig(name), { length });
}

async function readConfig(name: string): Promise<ConfigReader> {
  const folder = name.replace(/\/$/, "");
  const file = folder.endsWith(".json") ? folder : `${folder}/config.json`;
  if (name.startsWith("hf:") || (await exists(file)))
    return ConfigReader.parse(await readFileBytes(file));
  const { rows } = await openRegistry();
  const row =
    rows.find(({ id }) => id === name) ??
    rows.find(({ id, hfModelType }) => hfModelType === name && missingParts[id] === undefined);
  if (row) return new ConfigReader(tinyConfig(row));
  const known = rows.map(({ id }) => id);
  throw new ConfigError(
    `inspect: expected a folder with config.json, hf:org/name, or a model of the registry, got ${JSON.stringify(name)}${suggestion(name, known)}`,
  );
}
