import { ConfigError } from "orrery-lm/base";
import { excerpt, readField, readJsonLine } from "../json-lines.ts";

/**
 * Reads one field of each JSON object, one object a line; blank lines are passed over.
 *
 * @yields the texts
 * @throws {ConfigError} if a line is no object, or has no such field, with the file and the line.
 */
export async function* readJsonTexts(
  lines: AsyncIterable<string>,
  { name, field }: { readonly name: string; readonly field: string },
): AsyncGenerator<string> {
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() !== "") yield readText(line.trim(), { name, field, number });
  }
}

function readText(
  text: string,
  { name, field, number }: { name: string; field: string; number: number },
): string {
  try {
    const object = readJsonLine({ text, number });
    const found = readField(object, field, "string");
    if (found !== undefined) return found;
    const fields = excerpt(Object.keys(object.value));
    throw new ConfigError(
      `${object.where}: there is no field ${JSON.stringify(field)}, there are ${fields}; ` +
        `--field names another`,
    );
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(`${name}, ${cause.message}`, { cause });
  }
}
