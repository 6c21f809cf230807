/** Text from files or standard input. */

import { ConfigError, decodeUtf8 } from "orrery-lm/base";
import { readFileBytes } from "#files";

/** All bytes of standard input. */
export async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * The text of a file, or of standard input for `-` or nothing.
 *
 * @throws {ConfigError} if the file is not there or empty.
 * @throws {FormatError} if it is not UTF-8, with the byte's place; `isLossy` replaces instead.
 */
export async function readText(path: string | undefined, isLossy: boolean): Promise<string> {
  const isInput = path === undefined || path === "-";
  const name = isInput ? "standard input" : path;
  const bytes = isInput ? await readStandardInput() : await readFileBytes(path);
  if (bytes.length === 0) throw new ConfigError(`${name} is empty; there is no text to read`);
  return decodeUtf8(bytes, { lossy: isLossy, name });
}

/** The texts of several files, or of standard input where none is named. */
export async function readTexts(paths: readonly string[], isLossy: boolean): Promise<string[]> {
  if (paths.length === 0) return [await readText(undefined, isLossy)];
  return Promise.all(paths.map((path) => readText(path, isLossy)));
}
