import { setImmediate } from "node:timers/promises";
import { ConfigError } from "orrery-lm/base";
import type { GeneratedToken, Model } from "orrery-lm/models";
import type { Tokenizer } from "orrery-lm/tokenizers";
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
  "min-p": {
    type: "number",
    value: "X",
    help: "choose among tokens at least this fraction as likely as the likeliest [0]",
  },
  "repetition-penalty": {
    type: "number",
    value: "X",
    help: "more than 1: make tokens less likely that stand in the text [1]",
  },
  stop: { type: "texts", value: "TEXT", help: "end before this text; may be given several times" },
  beams: {
    type: "whole",
    value: "N",
    min: 1,
    help: "draw nothing: look for the likeliest text, with N side by side",
  },
  seed: { type: "whole", value: "N", help: "the same seed gives the same text [0]" },
  tokenizer: { type: "text", value: "PATH", help: "another tokenizer than the folder's own" },
  ...runtimeOptions,
  ...jsonOption,
} as const;

/** What chooses one token at a time. */
const drawing = ["temperature", "top-k", "top-p", "min-p", "repetition-penalty", "seed"] as const;

type Values = OptionValues<typeof options>;

/** Continues a text. */
export default defineCommand({
  description:
    "Continues a text: prints it, and what the model in the folder DIR adds. An encoder–decoder's\nanswer is printed alone. What config.json calls the end of a text ends it.",
  operands: { usage: "DIR", min: 1, max: 1 },
  options,
  examples: [
    'orrery generate runs/demo/arms/rope.seed-1 --prompt "One morning"',
    "echo 'One morning' | orrery generate runs/book --temperature 0",
    'orrery generate runs/book --prompt "One morning" --min-p 0.05 --stop "." --max-new-tokens 50',
    'orrery generate t5-small --prompt "translate English to German: Good morning." --beams 4',
  ],
  run: async ({ values, operands, terminal }) => {
    const { stdout } = terminal;
    checkBeams(values);
    const prompt = await readPrompt(values, terminal);
    const { model, tokenizer } = await openRun(operands[0]!, values, terminal);
    // An answer stands for itself.
    const start = model.architecture.network.kind === "encoder-decoder" ? "" : prompt;
    const added: number[] = [];
    let text = "";
    for await (const token of writeTokens(model, tokenizer, prompt, values)) {
      // The prompt appears with the first token, so that an error comes alone.
      if (added.length === 0 && !values.json) await write(stdout, start);
      added.push(token.id);
      text += token.text ?? "";
      if (!values.json) await write(stdout, token.text ?? "");
      // onnxruntime-node blocks while it runs; let the text out, and Ctrl-C in.
      await setImmediate();
    }
    await write(stdout, values.json ? `${JSON.stringify({ prompt, text, ids: added })}\n` : "\n");
    await model.release();
    return 0;
  },
});

function checkBeams(values: Values): void {
  if (values.beams === undefined) return;
  const others: string[] = drawing.filter((name) => values[name] !== undefined);
  if (values.stop.length > 0) others.push("stop");
  if (others.length === 0) return;
  throw new UsageError(`--beams looks for the likeliest text; leave out --${others.join(", --")}`);
}

async function* writeTokens(
  model: Model,
  tokenizer: Tokenizer,
  prompt: string,
  values: Values,
): AsyncGenerator<GeneratedToken> {
  const ids = tokenizer.encode(prompt);
  const maxNewTokens = values["max-new-tokens"] ?? 200;
  const stopIds = model.endIds;
  if (values.beams === undefined) {
    yield* model.generate(ids, {
      maxNewTokens,
      temperature: values.temperature ?? 0.8,
      topK: values["top-k"] ?? 0,
      topP: values["top-p"] ?? 1,
      minP: values["min-p"] ?? 0,
      repetitionPenalty: values["repetition-penalty"] ?? 1,
      seed: values.seed ?? 0,
      stop: values.stop,
      stopIds,
      tokenizer,
    });
    return;
  }
  const [best] = await model.beamSearch(ids, { numBeams: values.beams, maxNewTokens, stopIds });
  const stream = tokenizer.decodeStream();
  for (const [i, id] of best!.ids.entries()) {
    const text = stopIds.includes(id) ? "" : stream.push([id]);
    yield { id, text: i + 1 === best!.ids.length ? text + stream.end() : text };
  }
}

async function readPrompt({ prompt }: Values, terminal: Terminal): Promise<string> {
  if (prompt === undefined && terminal.stdin.isTTY === true) {
    throw new UsageError("--prompt TEXT is missing, and nothing comes from standard input");
  }
  // What `echo` adds is not part of the text.
  const text =
    prompt ?? (await readText(["-"], terminal, { isLossy: false })).replace(/\r?\n$/, "");
  if (text === "") throw new ConfigError("the prompt is empty; give a text to continue");
  return text;
}
