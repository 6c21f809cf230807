/** JSON Lines: one object a line in, one a line out. */

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { ConfigError } from "orrery-lm/base";

/**
 * The objects of a file, or of standard input for `-` or nothing, as they arrive.
 *
 * @yields each object with its line's number, counted from 1; empty lines are passed over
 * @throws {ConfigError} if a line is not a JSON object, with its number.
 */
export async function* readJsonLines(
  path: string | undefined,
): AsyncGenerator<{ line: number; value: Readonly<Record<string, unknown>> }> {
  const stream = path === undefined || path === "-" ? process.stdin : createReadStream(path);
  let line = 0;
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
      line++;
      if (text.trim() === "") continue;
      yield { line, value: parseObject(text, line) };
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new ConfigError(`no such file: ${path}`, { cause });
  }
}

function parseObject(text: string, line: number): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`line ${line}: not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`line ${line}: expected a JSON object, got ${text.slice(0, 40)}`);
  }
  return value as Record<string, unknown>;
}

/** Writes one object as a line. */
export function writeJsonLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
