import { ConfigError } from "orrery-lm/base";
import { exportOnnx, loadModel } from "orrery-lm/models";
import { Tokenizer } from "orrery-lm/tokenizers";
import { exists, readFileBytes, writeFilesAtomic } from "#files";
import { defineCommand } from "../command.ts";
import { jsonOption } from "../shared-options.ts";
import type { Terminal } from "../terminal.ts";
import { write } from "../terminal.ts";

const options = {
  out: { type: "text", value: "DIR", isRequired: true, help: "the folder to write" },
  portable: {
    type: "flag",
    help: "use operators of the ONNX standard only, for runtimes other than onnxruntime",
  },
  dtype: {
    type: "choice",
    choices: ["float32", "float16"],
    help: "what weights are stored as; float16 halves the files [float32]",
  },
  ...jsonOption,
} as const;

/** Writes a model for other programs. */
export default defineCommand({
  description:
    "Writes a model as ONNX, for onnxruntime and transformers.js, with its tokenizer beside it. MODEL\nis a folder, or hf:org/name of a hub. Batch and length stay open; decoders take what they keep of\nearlier tokens.",
  operands: { usage: "MODEL", min: 1, max: 1 },
  options,
  examples: [
    "orrery export runs/book --out book-onnx",
    "orrery export hf:HuggingFaceTB/SmolLM2-135M --out smollm2 --dtype float16",
  ],
  run: async ({ values, operands, terminal }) => {
    const folder = operands[0]!.replace(/\/$/, "");
    if (!(await exists(`${folder}/config.json`)))
      throw new ConfigError(`${folder} is not a model: it has no config.json`);
    const model = await loadModel(folder);
    const files = {
      ...exportOnnx(model, { isPortable: values.portable, dtype: values.dtype }),
      ...(await generationFiles(folder)),
      ...(await tokenizerFiles(folder, terminal)),
    };
    await writeFilesAtomic(values.out, files);
    const written = Object.entries(files).map(([name, contents]) => ({
      name,
      bytes: sizeOf(contents),
    }));
    const text = values.json
      ? `${JSON.stringify({ folder: values.out, files: written })}\n`
      : written.map(({ name, bytes }) => `${values.out}/${name}  ${bytes} bytes\n`).join("");
    await write(terminal.stdout, text);
    await model.release();
    return 0;
  },
});

async function generationFiles(folder: string): Promise<Record<string, Uint8Array>> {
  const name = "generation_config.json";
  const path = `${folder}/${name}`;
  return (await exists(path)) ? { [name]: await readFileBytes(path) } : {};
}

/** A tokenizer of any format, as the two files that transformers.js reads. */
async function tokenizerFiles(
  folder: string,
  { stderr }: Terminal,
): Promise<Record<string, Uint8Array>> {
  let tokenizer: Tokenizer;
  try {
    tokenizer = await Tokenizer.load(folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(`no tokenizer is exported: ${error.message}\n`);
    return {};
  }
  const config = `${folder}/tokenizer_config.json`;
  return {
    ...tokenizer.save("tokenizer.json"),
    ...(!(await exists(config)) && {
      "tokenizer_config.json": new TextEncoder().encode(
        `${JSON.stringify({ tokenizer_class: "PreTrainedTokenizerFast" }, null, 2)}\n`,
      ),
    }),
    ...((await exists(config)) && { "tokenizer_config.json": await readFileBytes(config) }),
  };
}

function sizeOf(contents: Uint8Array | readonly Uint8Array[]): number {
  const pieces = contents instanceof Uint8Array ? [contents] : contents;
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
