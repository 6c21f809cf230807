import { readFile } from "node:fs/promises";
import { isExpectedError, suggestion } from "orrery-lm/base";
import { commandHelp, mainHelp } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";
import { registry, type RegistryEntry } from "./registry.ts";
import { type Terminal, write } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

const ISSUES = "please report it, with the command and this text";

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 if all went well, 1 if something failed, 2 if the usage is wrong
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined || first === "--help" || first === "-h") {
    await write(first === undefined ? terminal.stderr : terminal.stdout, mainHelp());
    return first === undefined ? 2 : 0;
  }
  if (first === "--version") {
    await write(terminal.stdout, `${await readVersion()}\n`);
    return 0;
  }
  if (first === "help") {
    return runCommandLine(rest.length > 0 ? [...rest, "--help"] : ["--help"], terminal);
  }
  let name = first;
  try {
    const chosen = choose(first, rest);
    name = chosen.name;
    const { default: command } = await chosen.entry.load();
    const { values, operands, wantsHelp } = parseArguments(command, chosen.rest);
    if (wantsHelp) {
      await write(terminal.stdout, commandHelp(name, command));
      return 0;
    }
    return await command.run({ values, operands, terminal });
  } catch (error) {
    return explain(name, error, terminal);
  }
}

interface Choice {
  readonly name: string;
  readonly entry: RegistryEntry;
  readonly rest: readonly string[];
}

/** A command of a group has two words. */
function choose(first: string, rest: readonly string[]): Choice {
  const [second] = rest;
  const pair = `${first} ${second}`;
  if (Object.hasOwn(registry, pair)) {
    return { name: pair, entry: registry[pair]!, rest: rest.slice(1) };
  }
  if (Object.hasOwn(registry, first)) return { name: first, entry: registry[first]!, rest };
  const known = Object.keys(registry).filter((name) => !name.includes(" "));
  const what = first.startsWith("-") ? "option" : "command";
  throw new UsageError(
    `there is no ${what} ${first}${suggestion(first, known)} (orrery --help lists the commands)`,
  );
}

async function explain(name: string, error: unknown, { stderr }: Terminal): Promise<number> {
  if (error instanceof UsageError) {
    const where = Object.hasOwn(registry, name) ? `orrery ${name}` : "orrery";
    await write(stderr, `${where}: ${error.message}\n`);
    if (where !== "orrery") await write(stderr, `(${where} --help shows how it is used)\n`);
    return 2;
  }
  if (isExpectedError(error)) {
    await write(stderr, `orrery ${name}: ${error.message}\n`);
    return 1;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  await write(stderr, `orrery ${name}: an error that should not happen; ${ISSUES}:\n${stack}\n`);
  return 1;
}

async function readVersion(): Promise<string> {
  const manifest = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
