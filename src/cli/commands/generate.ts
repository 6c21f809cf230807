import { loadModel } from "orrery-lm/models";
import { Tokenizer } from "orrery-lm/tokenizers";
import { UsageError, defineCommand, realNumber, wholeNumber } from "../command.ts";
import { interruption } from "../interruption.ts";
import { readText } from "../read-text.ts";
import { runtimeOf, runtimeOptions } from "../runtime-option.ts";

/** `orrery generate` */
export default defineCommand({
  usage: "generate DIR --prompt TEXT",
  summary: "Continue a text with a model; the prompt is read from standard input without --prompt.",
  options: {
    prompt: { type: "string", value: "TEXT", help: "what to continue" },
    "max-new-tokens": { type: "string", value: "N", default: "100", help: "tokens to add" },
    temperature: {
      type: "string",
      value: "X",
      default: "0.8",
      help: "0 takes the likeliest token",
    },
    "top-k": {
      type: "string",
      value: "N",
      default: "0",
      help: "keep the N likeliest tokens; 0: all",
    },
    "top-p": {
      type: "string",
      value: "X",
      default: "1",
      help: "keep the likeliest tokens up to this probability",
    },
    seed: { type: "string", value: "N", default: "0", help: "equal seeds give equal texts" },
    json: { type: "boolean", default: false, help: "print ids and text as JSON" },
    ...runtimeOptions,
  },
  example: 'orrery generate runs/novel --prompt "Once upon a time" --max-new-tokens 200',

  async run({ json, ...values }, [folder, ...rest]) {
    if (folder === undefined || rest.length > 0)
      throw new UsageError("expected the folder of a model");
    const options = {
      maxNewTokens: wholeNumber("max-new-tokens", values["max-new-tokens"]),
      temperature: realNumber("temperature", values.temperature),
      topK: wholeNumber("top-k", values["top-k"]),
      topP: realNumber("top-p", values["top-p"]),
      seed: wholeNumber("seed", values.seed),
    };
    const prompt = values.prompt ?? (await readText(undefined, false));
    const tokenizer = await Tokenizer.load(folder);
    const model = await loadModel(folder, { runtime: await runtimeOf(values) });
    const signal = interruption();
    const start = tokenizer.encode(prompt, { addSpecialTokens: false });
    const ids: number[] = [];
    const stream = tokenizer.decodeStream();
    if (!json) process.stdout.write(prompt);
    for await (const { id } of model.generate(start, options)) {
      ids.push(id);
      if (!json) process.stdout.write(stream.push([id]));
      // onnxruntime-node blocks while it runs; let signals have their turn.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal.aborted) break;
    }
    if (json) {
      const text = tokenizer.decode(Uint32Array.from(ids));
      process.stdout.write(`${JSON.stringify({ prompt, text, ids })}\n`);
    } else process.stdout.write(`${stream.end()}\n`);
  },
});
