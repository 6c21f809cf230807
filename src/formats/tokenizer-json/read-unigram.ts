import { JsonValue } from "../json-value.ts";
import type { UnigramJson } from "./models.ts";

// Read, not computed: `10 ** n` need not be the double nearest to it.
const POWERS_OF_TEN: readonly number[] = Array.from({ length: 309 }, (_, n) => Number(`1e${n}`));

type Piece = readonly [piece: string, score: number];

/** Reads a Unigram model. @throws {FormatError} if a field is wrong. */
export function readUnigram(model: JsonValue): UnigramJson {
  const vocab = readPieces(model.field("vocab"));
  const unkId = model.field("unk_id");
  return {
    type: "Unigram",
    unkId: unkId.isNull ? null : readUnkId(unkId, vocab.length),
    byteFallback: model.field("byte_fallback").boolean(false),
    vocab,
  };
}

function readUnkId(unkId: JsonValue, size: number): number {
  return size === 0 ? unkId.fail("null, as there are no pieces") : unkId.integer(size);
}

function readPieces(list: JsonValue): readonly Piece[] {
  const entries = list.array();
  const pieces: Piece[] = [];
  for (let id = 0; id < entries.length; id++) {
    const entry = entries[id];
    if (!isPiece(entry)) {
      const place = new JsonValue(list.format, `${list.path}[${id}]`, entry);
      return place.fail(`a piece and its score, ["▁the", -3.2]`);
    }
    pieces.push([entry[0], readAsSerde(entry[1])]);
  }
  return pieces;
}

function isPiece(entry: unknown): entry is Piece {
  return (
    Array.isArray(entry) &&
    entry.length === 2 &&
    typeof entry[0] === "string" &&
    Number.isFinite(entry[1])
  );
}

/**
 * The double that serde_json, and so `tokenizers`, makes of a number that was written with as many
 * digits as it needs: all digits as one integer, then one multiplication or division by a power of
 * ten. With 16 or 17 digits it can be the neighbor of the true value.
 * @see https://github.com/serde-rs/json (`f64_from_parts`, without the feature float_roundtrip)
 */
function readAsSerde(value: number): number {
  // Large ones are written with an exponent, which leaves the number of digits open.
  const text = Math.abs(value) < 1e16 ? String(value) : value.toExponential();
  // Fifteen digits are exact, and one operation on exact numbers is rounded as it should be.
  if (text.length <= 15) return value;
  const exponentAt = text.indexOf("e");
  const end = exponentAt < 0 ? text.length : exponentAt;
  const point = text.indexOf(".");
  const decimals = point < 0 ? 0 : end - point - 1;
  const exponent = exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1));
  const magnitude = scale(readDigits(text, end), exponent - decimals);
  return value < 0 ? -magnitude : magnitude;
}

/** The digits before `end` as one integer, rounded once: both halves and their shift are exact. */
function readDigits(text: string, end: number): number {
  let high = 0;
  let low = 0;
  let shift = 1;
  for (let i = 0, count = 0; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    // The sign and the point.
    if (digit < 0) continue;
    if (count++ < 9) {
      high = 10 * high + digit;
    } else {
      low = 10 * low + digit;
      shift *= 10;
    }
  }
  return high * shift + low;
}

function scale(digits: number, power: number): number {
  if (power >= 0) return digits * POWERS_OF_TEN[power]!;
  if (power < -308) return scale(digits / 1e308, power + 308);
  return digits / POWERS_OF_TEN[-power]!;
}
