import { ConfigError } from "orrery-lm/base";
import type { Line } from "./read-text.ts";

/** A JSON object and the place that it came from. */
export interface JsonLine {
  /** Such as `line 3`, for errors. */
  readonly where: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * Reads a line as a JSON object.
 *
 * @throws {ConfigError} if it is none, with the number of the line.
 */
export function readJsonLine({ text, number }: Line): JsonLine {
  const where = `line ${number}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${where}: not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${where}: expected a JSON object, got ${excerpt(value)}`);
  }
  return { where, value: value as Record<string, unknown> };
}

interface FieldTypes {
  readonly string: string;
  readonly boolean: boolean;
}

/**
 * A field of the object, or undefined if it is not there.
 *
 * @throws {ConfigError} if it is of another type.
 */
export function readField<Type extends keyof FieldTypes>(
  { where, value }: JsonLine,
  name: string,
  type: Type,
): FieldTypes[Type] | undefined {
  const field = value[name];
  if (field === undefined || typeof field === type) return field as FieldTypes[Type] | undefined;
  throw new ConfigError(`${where}: ${name}: expected a ${type}, got ${excerpt(field)}`);
}

/**
 * A field of the object that is one of some words, or undefined if it is not there.
 *
 * @throws {ConfigError} if it is something else.
 */
export function readChoice<Choice extends string>(
  { where, value }: JsonLine,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const field = value[name];
  if (field === undefined) return undefined;
  const found = choices.find((choice) => choice === field);
  if (found !== undefined) return found;
  throw new ConfigError(
    `${where}: ${name}: expected one of ${choices.join(", ")}; got ${excerpt(field)}`,
  );
}

/** The beginning of a value, for errors. */
export function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
