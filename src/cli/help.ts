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

const MAX_LEFT = 44;

/** The help text of one command. */
export function commandHelp(name: string, command: Command): string {
  const left = (option: string, spec: OptionSpec): string => `--${option}${valueOf(spec)}`;
  const entries = Object.entries(command.options);
  const own = Math.max(...entries.map(([option, spec]) => left(option, spec).length), 0);
  // One long option must not push the help of all others away.
  const width = Math.min(MAX_LEFT, Math.max("--help".length, own));
  const lineOf = (start: string, help: string): string =>
    start.length > width
      ? `  ${start}\n  ${" ".repeat(width)}  ${help}`
      : `  ${start.padEnd(width)}  ${help}`;
  const groups = new Map<string, string[]>([["Options", []]]);
  for (const [option, spec] of entries) {
    const { group = "Options" } = spec;
    groups.set(group, [...(groups.get(group) ?? []), lineOf(left(option, spec), spec.help)]);
  }
  groups.get("Options")!.push(lineOf("--help", "show this"));
  const { usage } = command.operands;
  return [
    `Usage: orrery ${name}${usage === "" ? "" : ` ${usage}`} [OPTIONS]`,
    "",
    command.description,
    "",
    ...[...groups].flatMap(([group, lines]) => [`${group}:`, ...lines, ""]),
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
