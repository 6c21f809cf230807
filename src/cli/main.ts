#!/usr/bin/env node
/** The `orrery` command: finds the command that is asked for, and says what went wrong. */

import { createRequire } from "node:module";
import { isExpectedError } from "orrery-lm/base";
import {
  UsageError,
  helpOf,
  nearest,
  parseCommandLine,
  type Command,
  type OptionSpecs,
} from "./command.ts";
import { Interrupted } from "./interruption.ts";

/** Each command's file is loaded only when it is asked for: `--help` must be quick. */
const commands: Readonly<
  Record<string, { summary: string; load: () => Promise<{ default: unknown }> }>
> = {
  "train-tokenizer": {
    summary: "learn a byte-level BPE tokenizer from text",
    load: () => import("./commands/train-tokenizer.ts"),
  },
  encode: { summary: "turn text into ids", load: () => import("./commands/encode.ts") },
  decode: { summary: "turn ids into text", load: () => import("./commands/decode.ts") },
  train: {
    summary: "train a decoder, or go on with a run",
    load: () => import("./commands/train.ts"),
  },
  eval: {
    summary: "measure how well a model predicts a text",
    load: () => import("./commands/eval.ts"),
  },
  generate: { summary: "continue a text", load: () => import("./commands/generate.ts") },
  lab: {
    summary: "run an experiment and write its report",
    load: () => import("./commands/lab.ts"),
  },
};

function overview(): string {
  const list = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(16)} ${summary}`,
  );
  return `Orrery: a working model of the language model.

Usage: orrery COMMAND [options]

Commands:
${list.join("\n")}

  orrery COMMAND --help    says more, with an example
  orrery --version

Example:
  orrery lab extrapolation --quick --out runs/demo
`;
}

async function main([name, ...args]: string[]): Promise<void> {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    process.stdout.write(overview());
    if (name === undefined) process.exitCode = 2;
    return;
  }
  if (name === "--version" || name === "-v") {
    const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
    process.stdout.write(`${version}\n`);
    return;
  }
  if (!Object.hasOwn(commands, name)) {
    const near = nearest(name, Object.keys(commands));
    throw new UsageError(
      `unknown command ${name}${near === undefined ? "" : `; did you mean ${near}?`}`,
    );
  }
  const command = (await commands[name]!.load()).default as Command<OptionSpecs>;
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(helpOf(command));
    return;
  }
  const { values, positionals } = parseCommandLine(command, args);
  await command.run(values, positionals);
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0); // the reader has seen enough
  throw error;
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const name = process.argv[2] ?? "";
  const label = Object.hasOwn(commands, name) ? `orrery ${name}` : "orrery";
  if (error instanceof UsageError) {
    process.stderr.write(`${label}: ${error.message}\nTry: ${label} --help\n`);
    process.exitCode = 2;
  } else if (error instanceof Interrupted || isExpectedError(error)) {
    process.stderr.write(`${label}: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(
      `${label}: this should not happen; please report it with the lines below\n${stack}\n`,
    );
    process.exitCode = 1;
  }
}
