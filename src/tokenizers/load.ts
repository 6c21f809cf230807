import { listFolder, readFileBytes } from "#files";
import { ConfigError, FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type TokenizerJson, parseTokenizerJson } from "orrery-lm/formats";

/**
 * Where a tokenizer comes from: the path or URL of a file, or of a folder that has a
 * `tokenizer.json`; the bytes of a file; or files in memory, by name.
 */
export type TokenizerSource = string | URL | Uint8Array | Readonly<Record<string, Uint8Array>>;

/**
 * Reads a tokenizer in whatever format it comes, recognized by its content.
 * @throws {ConfigError} if there is nothing to read.
 * @throws {FormatError} if it is in no known format, or broken.
 */
export async function readTokenizer(source: TokenizerSource): Promise<TokenizerJson> {
  const bytes = await readBytes(source);
  // The only format so far; all JSON starts so.
  if (firstVisibleByte(bytes) !== 0x7b) {
    throw new FormatError(
      "tokenizer",
      `expected the text of a tokenizer.json, which starts with "{"; got ${bytes.length} bytes of something else`,
      { offset: 0 },
    );
  }
  return parseTokenizerJson(bytes);
}

async function readBytes(source: TokenizerSource): Promise<Uint8Array> {
  if (typeof source === "string" || source instanceof URL) return readFile(source);
  if (source instanceof Uint8Array) return source;
  const bytes = source[TOKENIZER_JSON];
  if (bytes !== undefined) return bytes;
  throw new ConfigError(
    `Tokenizer.load: expected a file "${TOKENIZER_JSON}", got ${JSON.stringify(Object.keys(source))}`,
  );
}

/** Reads a file, or the `tokenizer.json` of a folder. */
async function readFile(place: string | URL): Promise<Uint8Array> {
  if (isJsonFile(place)) return readFileBytes(place);
  return readFileBytes(inFolder(place)).catch(async () => {
    const isFolder = await listFolder(place).then(
      () => true,
      () => false,
    );
    if (isFolder) throw new ConfigError(`${String(place)} has no ${TOKENIZER_JSON}`);
    // What is neither a file nor a folder is reported by the name that the user gave.
    return readFileBytes(place);
  });
}

function isJsonFile(place: string | URL): boolean {
  return /\.json$/i.test(typeof place === "string" ? place : place.pathname);
}

function inFolder(place: string | URL): string | URL {
  if (typeof place === "string") return `${place.replace(/\/+$/, "")}/${TOKENIZER_JSON}`;
  const folder = new URL(place);
  folder.pathname = `${folder.pathname.replace(/\/+$/, "")}/${TOKENIZER_JSON}`;
  return folder;
}

/** The first byte after a byte order mark and white space. */
function firstVisibleByte(bytes: Uint8Array): number | undefined {
  const skip = new Set([0xef, 0xbb, 0xbf, 0x20, 0x09, 0x0a, 0x0d]);
  return bytes.subarray(0, 1024).find((byte) => !skip.has(byte));
}
