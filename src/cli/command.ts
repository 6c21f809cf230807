/** What a command is: its help and its work, in one object. */

import { parseArgs, type ParseArgsConfig } from "node:util";

type OptionSpec = NonNullable<ParseArgsConfig["options"]>[string] & {
  /** One line for `--help`. */
  help: string;
  /** What stands for the value in `--help`, such as `N`. */
  value?: string;
};

/** The options of a command, by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What `parseArgs` makes of the options `O`. */
export type OptionValues<O extends OptionSpecs> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>["values"];

/** One command of `orrery`. */
export interface Command<O extends OptionSpecs> {
  /** How to call it, after `orrery`. */
  usage: string;
  summary: string;
  options: O;
  /** A command line that works, with what it does. */
  example: string;
  run: (values: OptionValues<O>, positionals: string[]) => Promise<void>;
}

/** The command line cannot mean anything: exit code 2. */
export class UsageError extends Error {
  override name = "UsageError" as const;
}

/** Gives a command its types; returns it unchanged. */
export function defineCommand<const O extends OptionSpecs>(command: Command<O>): Command<O> {
  return command;
}

/** The text of `--help`. */
export function helpOf({ usage, summary, options, example }: Command<OptionSpecs>): string {
  const rows = Object.entries({
    ...options,
    help: { type: "boolean", help: "show this" } as OptionSpec,
  }).map(([name, { type, value, help, default: byDefault }]) => {
    const flag = type === "string" ? `--${name} ${value ?? "VALUE"}` : `--${name}`;
    const note =
      byDefault === undefined || byDefault === false ? "" : ` (default ${String(byDefault)})`;
    return [flag, help + note] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length));
  const list = rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join("\n");
  return `${summary}\n\nUsage: orrery ${usage}\n\nOptions:\n${list}\n\nExample:\n  ${example.replaceAll("\n", "\n  ")}\n`;
}

/**
 * Reads a command's arguments.
 *
 * @throws {UsageError} if an option is unknown, lacks its value or has one that it does not take.
 */
export function parseCommandLine<O extends OptionSpecs>(
  command: Command<O>,
  args: string[],
): { values: OptionValues<O>; positionals: string[] } {
  try {
    return parseArgs({ args, options: command.options, allowPositionals: true });
  } catch (error) {
    const known = Object.keys(command.options);
    const wrong = /Unknown option '--?([^']+)'/.exec((error as Error).message)?.[1];
    if (wrong === undefined) throw new UsageError((error as Error).message);
    const near = nearest(wrong, known);
    throw new UsageError(
      `unknown option --${wrong}${near === undefined ? "" : `; did you mean --${near}?`}`,
    );
  }
}

/** The candidate closest to a mistyped word, if one is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best && best.edits <= Math.max(2, word.length / 3) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * The whole number that an option was given.
 *
 * @throws {UsageError} if it is none, or below `least`.
 */
export function wholeNumber(name: string, text: string, least = 0): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      `--${name}: expected a whole number, ${least} or more, got ${JSON.stringify(text)}`,
    );
  }
  return value;
}

/**
 * The number that an option was given.
 *
 * @throws {UsageError} if it is none.
 */
export function realNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new UsageError(`--${name}: expected a number, got ${JSON.stringify(text)}`);
  }
  return value;
}
