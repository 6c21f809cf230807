import { suggestion } from "orrery-lm/base";
import { parseArgs } from "node:util";
import type { Command, OptionSpec, OptionSpecs } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** What the arguments of a command say. */
export interface ParsedArguments {
  readonly values: Readonly<Record<string, unknown>>;
  readonly operands: readonly string[];
  readonly wantsHelp: boolean;
}

/**
 * Reads the arguments of a command by its specification.
 *
 * @throws {UsageError} if an option is unknown, is given twice, has no value or one that cannot be
 *   read, is missing, or there are too few or too many other arguments.
 */
export function parseArguments(command: Command, args: readonly string[]): ParsedArguments {
  const { options, operands } = command;
  // Not strict: Node's own messages do not say what was meant, nor which value was missing.
  const { tokens } = parseArgs({
    args: [...args],
    options: { ...nodeOptions(options), help: { type: "boolean", short: "h" } },
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const found: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") found.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "help") return { values: {}, operands: [], wantsHelp: true };
    const spec = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (!spec) {
      const known = Object.keys(options).map((name) => `--${name}`);
      throw new UsageError(
        `there is no option ${token.rawName}${suggestion(token.rawName, known)}`,
      );
    }
    const text = optionText(spec, token);
    given.set(token.name, [...(given.get(token.name) ?? []), text]);
  }
  const values = Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      readOption(name, spec, given.get(name) ?? []),
    ]),
  );
  if (found.length < operands.min || found.length > operands.max) {
    const problem =
      found.length < operands.min
        ? `expected ${operands.usage}, got ${found.length === 0 ? "nothing" : found.join(" ")}`
        : `expected no more arguments behind ${found.slice(0, operands.max).join(" ") || "the options"}, got ${found[operands.max]}`;
    throw new UsageError(problem);
  }
  return { values, operands: found, wantsHelp: false };
}

function nodeOptions(options: OptionSpecs): Record<string, { type: "boolean" | "string" }> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      { type: type === "flag" ? "boolean" : "string" },
    ]),
  );
}

function optionText(
  { type }: OptionSpec,
  token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined },
): string {
  const { rawName, value, inlineValue } = token;
  if (type === "flag") {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, got ${value}`);
    return "";
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value`);
  if (value.startsWith("--") && inlineValue !== true) {
    throw new UsageError(
      `${rawName} needs a value, and ${value} is an option; if it is the value, write ${rawName}=${value}`,
    );
  }
  return value;
}

function readOption(name: string, spec: OptionSpec, given: readonly string[]): unknown {
  if (spec.type === "flag") return given.length > 0;
  if (spec.type === "texts") return given;
  if (given.length > 1) throw new UsageError(`--${name} is given ${given.length} times`);
  const text = given[0];
  if (text === undefined) {
    if ("isRequired" in spec) throw new UsageError(`--${name} ${spec.value} is missing`);
    return undefined;
  }
  return spec.type === "text" ? text : readValue(`--${name}`, spec, text);
}

function readValue(
  option: string,
  spec: Extract<OptionSpec, { type: "whole" | "number" | "choice" }>,
  text: string,
): number | string {
  switch (spec.type) {
    case "whole":
      return readWhole(option, text, spec.min ?? 0);
    case "number": {
      const value = text.trim() === "" ? NaN : Number(text);
      if (!Number.isFinite(value)) {
        throw new UsageError(`${option}: expected a number, got ${JSON.stringify(text)}`);
      }
      return value;
    }
    case "choice": {
      if (spec.choices.includes(text)) return text;
      const known = spec.choices.join(", ");
      throw new UsageError(
        `${option}: expected one of ${known}; got ${JSON.stringify(text)}${suggestion(text, spec.choices)}`,
      );
    }
  }
}

/**
 * Reads a whole number; underscores may group its digits.
 *
 * @throws {UsageError} if it is none, or less than `min`.
 */
export function readWhole(what: string, text: string, min: number): number {
  const value = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : NaN;
  if (!Number.isSafeInteger(value) || value < min) {
    throw new UsageError(
      `${what}: expected a whole number, ${min} or more, got ${JSON.stringify(text)}`,
    );
  }
  return value;
}

/**
 * Reads whole numbers with commas between them.
 *
 * @throws {UsageError} if one is none, or less than `min`.
 */
export function readWholes(what: string, text: string, min: number): number[] {
  return text.split(",").map((part) => readWhole(what, part.trim(), min));
}
