import type { Command, OptionSpec } from "./command.ts";
import { registry } from "./registry.ts";

/** The help text of the whole command line. */
export function mainHelp(): string {
  const names = Object.keys(registry);
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Usage: orrery COMMAND [OPTIONS] [FILE…]",
    "",
    "A working model of the language model: learn a tokenizer, train a transformer, measure its parts.",
    "",
    "Commands:",
    ...Object.entries(registry).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Options:",
    "  --help     show this, or the help of a command: orrery train --help",
    "  --version  show the version",
    "",
    "Example:",
    "  orrery lab extrapolation --quick",
    "",
    'A file is read from standard input where it is "-".',
    "Exit code: 0 if all went well, 1 if something failed, 2 if the command line is wrong.",
    "",
  ].join("\n");
}

/** The help text of one command. */
export function commandHelp(name: string, command: Command): string {
  const options: [string, string][] = [
    ...Object.entries(command.options).map(([option, spec]): [string, string] => [
      `--${option}${valueOf(spec)}`,
      spec.help,
    ]),
    ["--help", "show this"],
  ];
  const width = Math.max(...options.map(([left]) => left.length));
  const { usage } = command.operands;
  return [
    `Usage: orrery ${name}${usage === "" ? "" : ` ${usage}`} [OPTIONS]`,
    "",
    command.description,
    "",
    "Options:",
    ...options.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
    "",
    command.examples.length === 1 ? "Example:" : "Examples:",
    ...command.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function valueOf(spec: OptionSpec): string {
  switch (spec.type) {
    case "flag":
      return "";
    case "choice":
      return ` ${spec.choices.join("|")}`;
    case "texts":
      return ` ${spec.value} …`;
    case "text":
    case "whole":
    case "number":
      return ` ${spec.value}`;
  }
}
