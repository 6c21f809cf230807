import { ConfigError, decodeUtf8 } from "orrery-lm/base";
import { readFileBytes } from "#files";
import { type Terminal, write } from "./terminal.ts";

/** How text is read. */
export interface ReadTextOptions {
  /** Replace what is not UTF-8 instead of refusing it. */
  readonly isLossy: boolean;
  /** Whether a byte order mark at the start belongs to the text. @default false */
  readonly keepsMark?: boolean;
}

const MARK = "\uFEFF";

/**
 * Reads whole files, one after the other, as one text; `-` is standard input.
 *
 * @throws {ConfigError} if a file is missing or empty.
 * @throws {FormatError} if one is not UTF-8, with the offset of the first bad byte.
 */
export async function readText(
  files: readonly string[],
  terminal: Terminal,
  { isLossy, keepsMark = false }: ReadTextOptions,
): Promise<string> {
  const parts: string[] = [];
  for (const file of files) {
    // Standard input can be read only once, so one file after the other.
    // oxlint-disable-next-line no-await-in-loop
    const bytes = file === "-" ? await readInput(terminal) : await readFileBytes(file);
    const name = file === "-" ? "standard input" : file;
    if (bytes.length === 0) throw new ConfigError(`${name} is empty`);
    const text = decodeUtf8(bytes, { name, lossy: isLossy });
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    parts.push(keepsMark && hasMark ? MARK + text : text);
  }
  return parts.join("");
}

/** Reads standard input to its end. */
async function readInput(terminal: Terminal): Promise<Uint8Array> {
  await mentionTerminal(terminal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) chunks.push(chunk as Uint8Array);
  return Uint8Array.from(Buffer.concat(chunks));
}

/** Says what it waits for, where somebody types. */
export async function mentionTerminal({ stdin, stderr }: Terminal): Promise<void> {
  if (stdin.isTTY === true) await write(stderr, "(reading what you type; Ctrl-D ends it)\n");
}

/** A line of a file, without its line feed. */
export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
}

/**
 * Reads a file or standard input line by line, as the lines come. Only a line feed ends a line:
 * JSON may hold other separators as they are.
 *
 * @yields the lines that are not blank
 * @throws {ConfigError} if the file is missing.
 * @throws {FormatError} if a line is not UTF-8.
 */
export async function* readLines(file: string, terminal: Terminal): AsyncGenerator<Line> {
  const name = file === "-" ? "standard input" : file;
  let number = 0;
  const lineOf = (bytes: Uint8Array): Line => {
    number++;
    return { text: decodeUtf8(bytes, { name: `${name}, line ${number}` }), number };
  };
  // Of the line that is not at its end: put together once, for a line may come in many chunks.
  let parts: Uint8Array[] = [];
  for await (const chunk of await chunksOf(file, terminal)) {
    let start = 0;
    for (;;) {
      const feed = chunk.indexOf(0x0a, start);
      if (feed < 0) break;
      const line = lineOf(joined([...parts, chunk.subarray(start, feed)]));
      parts = [];
      start = feed + 1;
      if (line.text.trim() !== "") yield line;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) {
    const line = lineOf(joined(parts));
    if (line.text.trim() !== "") yield line;
  }
}

async function chunksOf(
  file: string,
  terminal: Terminal,
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  if (file !== "-") return [await readFileBytes(file)];
  await mentionTerminal(terminal);
  return terminal.stdin as AsyncIterable<Uint8Array>;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : Uint8Array.from(Buffer.concat(parts));
}
