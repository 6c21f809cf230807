import { FormatError } from "./errors.ts";

/** How to read text. */
export interface DecodeUtf8Options {
  /** Replace what is not UTF-8 by U+FFFD, as browsers do, instead of refusing. @default false */
  readonly lossy?: boolean;
  /** What the error calls the bytes, such as the file's name. @default "text" */
  readonly name?: string;
  /** Where the bytes lie in what they are read from: offsets count from there. @default 0 */
  readonly start?: number;
}

/**
 * Decodes UTF-8. A byte order mark at the start is not text and is removed; anywhere else U+FEFF
 * stays.
 * @throws {FormatError} if the bytes are not UTF-8, with the offset where the bad sequence starts.
 * @see https://encoding.spec.whatwg.org/#utf-8-decoder
 */
export function decodeUtf8(
  bytes: Uint8Array,
  { lossy = false, name = "text", start = 0 }: DecodeUtf8Options = {},
): string {
  try {
    return new TextDecoder("utf-8", { fatal: !lossy, ignoreBOM: start > 0 }).decode(bytes);
  } catch (cause) {
    const offset = firstInvalidByte(bytes);
    // Too long for one string, then.
    if (offset === undefined) throw cause;
    const byte = bytes[offset]!.toString(16).toUpperCase().padStart(2, "0");
    const message = `not UTF-8: no character can start with 0x${byte} as it stands here; ${remedy(bytes)}`;
    throw new FormatError(name, message, { offset: start + offset, cause });
  }
}

function remedy(bytes: Uint8Array): string {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return isUtf16
    ? "it looks like UTF-16: save it as UTF-8"
    : "--lossy (`lossy: true`) replaces such bytes by U+FFFD";
}

/** Finds where the first sequence starts that is not UTF-8, in one pass. */
export function firstInvalidByte(bytes: Uint8Array): number | undefined {
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return undefined;
}

/** The length of the character that starts at `i`, or 0 if none does. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i]!;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  // Past the end there is `undefined`, which no comparison accepts.
  const second = bytes[i + 1]!;
  if (!(second >= lowestSecond(lead) && second <= highestSecond(lead))) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let k = 2; k < length; k++) if ((bytes[i + k]! & 0xc0) !== 0x80) return 0;
  return length;
}

/** Refuses longer spellings of what fits into fewer bytes. */
function lowestSecond(lead: number): number {
  return lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
}

/** Refuses surrogates and what lies above U+10FFFF. */
function highestSecond(lead: number): number {
  return lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
}
