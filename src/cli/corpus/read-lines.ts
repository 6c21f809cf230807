import { ConfigError, decodeUtf8 } from "orrery-lm/base";

/** How lines are read. */
export interface LineOptions {
  /** What errors call the file. */
  readonly name: string;
  /** Replace what is not UTF-8 instead of refusing it. */
  readonly isLossy: boolean;
}

/** Bytes as they come. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 2 ** 28; // a string of V8 holds twice as much

/**
 * Cuts UTF-8 into lines, each with its line feed, as the bytes come: in memory there are a chunk and a
 * line. A byte order mark at the start is not text.
 *
 * @yields all lines; joined, they are the text
 * @throws {ConfigError} if there is nothing, or a line is longer than a string can be.
 * @throws {FormatError} if it is not UTF-8, with the offset of the first bad byte.
 */
export async function* readLines(
  chunks: Chunks,
  { name, isLossy }: LineOptions,
): AsyncGenerator<string> {
  let open: Uint8Array[] = []; // of a line that goes on
  let openLength = 0;
  let start = 0; // of that line, in the file
  const decodeWith = (part: Uint8Array): string => {
    const bytes = open.length === 0 ? part : Buffer.concat([...open, part]);
    const text = decodeUtf8(bytes, { name, lossy: isLossy, start });
    start += bytes.length;
    open = [];
    openLength = 0;
    return text;
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const text = decodeWith(chunk.subarray(0, end));
      for (let at = 0; at < text.length;) {
        const next = text.indexOf("\n", at) + 1;
        yield text.slice(at, next);
        at = next;
      }
    }
    if (end === chunk.length) continue;
    open.push(chunk.slice(end)); // a stream may use its memory again
    openLength += chunk.length - end;
    if (openLength > MAX_LINE_BYTES) {
      throw new ConfigError(
        `${name}: the line at byte ${start} is longer than ${MAX_LINE_BYTES} bytes; is it text?`,
      );
    }
  }
  if (openLength > 0) yield decodeWith(new Uint8Array());
  if (start === 0) throw new ConfigError(`${name} is empty`);
}
