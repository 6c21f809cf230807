import { setImmediate } from "node:timers/promises";
import { ConfigError } from "orrery-lm/base";
import { defineCommand, type OptionValues } from "../command.ts";
import { openRun } from "../open-run.ts";
import { readText } from "../read-text.ts";
import { jsonOption, runtimeOptions } from "../shared-options.ts";
import { type Terminal, write } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const options = {
  prompt: { type: "text", value: "TEXT", help: "the text to continue [standard input]" },
  "max-new-tokens": { type: "whole", value: "N", help: "tokens to add at most [200]" },
  temperature: { type: "number", value: "X", help: "0 takes the likeliest token [0.8]" },
  "top-k": { type: "whole", value: "N", help: "choose among the N likeliest tokens; 0: all [0]" },
  "top-p": {
    type: "number",
    value: "X",
    help: "choose among the likeliest tokens up to this probability [1]",
  },
  seed: { type: "whole", value: "N", help: "the same seed gives the same text [0]" },
  tokenizer: { type: "text", value: "PATH", help: "another tokenizer than the folder's own" },
  ...runtimeOptions,
  ...jsonOption,
} as const;

/** Continues a text. */
export default defineCommand({
  description: "Continues a text: prints it, and what the model in the folder DIR adds.",
  operands: { usage: "DIR", min: 1, max: 1 },
  options,
  examples: [
    'orrery generate runs/demo/arms/rope.seed-1 --prompt "One morning"',
    "echo 'One morning' | orrery generate runs/book --temperature 0",
  ],
  run: async ({ values, operands, terminal }) => {
    const { stdout } = terminal;
    const prompt = await readPrompt(values, terminal);
    const { model, tokenizer } = await openRun(operands[0]!, values, terminal);
    const ids = tokenizer.encode(prompt);
    const added: number[] = [];
    const stream = tokenizer.decodeStream();
    let text = "";
    const show = async (part: string): Promise<void> => {
      text += part;
      if (!values.json) await write(stdout, part);
    };
    const tokens = model.generate(ids, {
      maxNewTokens: values["max-new-tokens"] ?? 200,
      temperature: values.temperature ?? 0.8,
      topK: values["top-k"] ?? 0,
      topP: values["top-p"] ?? 1,
      seed: values.seed ?? 0,
    });
    for await (const { id } of tokens) {
      // The prompt appears with the first token, so that an error comes alone.
      if (added.length === 0 && !values.json) await write(stdout, prompt);
      added.push(id);
      await show(stream.push([id]));
      // onnxruntime-node blocks while it runs; let the text out, and Ctrl-C in.
      await setImmediate();
    }
    await show(stream.end());
    await write(stdout, values.json ? `${JSON.stringify({ prompt, text, ids: added })}\n` : "\n");
    await model.release();
    return 0;
  },
});

async function readPrompt(
  { prompt }: OptionValues<typeof options>,
  terminal: Terminal,
): Promise<string> {
  if (prompt === undefined && terminal.stdin.isTTY === true) {
    throw new UsageError("--prompt TEXT is missing, and nothing comes from standard input");
  }
  // What `echo` adds is not part of the text.
  const text =
    prompt ?? (await readText(["-"], terminal, { isLossy: false })).replace(/\r?\n$/, "");
  if (text === "") throw new ConfigError("the prompt is empty; give a text to continue");
  return text;
}
