import { ConfigError } from "orrery-lm/base";
import type { PaddingJson } from "orrery-lm/formats";
import type { Encoding } from "./encoding.ts";

const MAX_LENGTH = 2 ** 24;

/** How to fill inputs that have too few tokens. */
export interface Padding {
  /** How long all become, at most 2^24; without it, as long as the longest of the batch. */
  readonly length?: number;
  /** The length becomes a multiple of this, which is at most 2^24. */
  readonly multipleOf?: number;
  /** Where the padding goes. @default "Right" */
  readonly direction?: PaddingJson["direction"];
  /** The token of the padding; it must be in the vocabulary. */
  readonly token: string;
  /** 0 to 255. @default 0 */
  readonly typeId?: number;
}

/** The options with their defaults. @throws {ConfigError} if the token is none, or a number is none. */
export function completePadding(
  { length, multipleOf, direction = "Right", token, typeId = 0 }: Padding,
  tokenToId: (token: string) => number | undefined,
): PaddingJson {
  const id = tokenToId(token);
  if (id === undefined) {
    throw new ConfigError(`padding: ${JSON.stringify(token)} is not in the vocabulary`);
  }
  checkNumber("length", length ?? 0, MAX_LENGTH);
  checkNumber("multipleOf", multipleOf ?? 1, MAX_LENGTH);
  checkNumber("typeId", typeId, 255);
  return {
    strategy: length === undefined ? "BatchLongest" : { fixed: length },
    direction,
    padToMultipleOf: multipleOf ?? null,
    padId: id,
    padTypeId: typeId,
    padToken: token,
  };
}

function checkNumber(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new ConfigError(`padding: ${name} must be a whole number from 0 to ${most}, got ${value}`);
}

/** The length that inputs get of which the longest has `longest` tokens. */
export function paddedLength({ strategy, padToMultipleOf }: PaddingJson, longest: number): number {
  const length = strategy === "BatchLongest" ? longest : strategy.fixed;
  const multiple = padToMultipleOf === null || padToMultipleOf === 0 ? 1 : padToMultipleOf;
  return Math.ceil(length / multiple) * multiple;
}

/** Fills ids up to `length`; more of them stay as they are. */
export function padIds(ids: Uint32Array, length: number, padding: PaddingJson): Uint32Array {
  if (ids.length >= length) return ids;
  const padded = new Uint32Array(length).fill(padding.padId);
  padded.set(ids, padding.direction === "Left" ? length - ids.length : 0);
  return padded;
}

/** Fills an encoding up to `length`. Padding is masked, and counts as special. */
export function padEncoding(encoding: Encoding, length: number, padding: PaddingJson): Encoding {
  const missing = length - encoding.ids.length;
  if (missing <= 0) return encoding;
  const isLeft = padding.direction === "Left";
  const at = isLeft ? missing : 0;
  const fill = <T extends Uint8Array | Int8Array>(padded: T, values: T): T => {
    padded.set(values, at);
    return padded;
  };
  const around = <T>(values: readonly T[], value: T): T[] => {
    const filler = Array.from<T>({ length: missing }).fill(value);
    return isLeft ? filler.concat(values) : [...values, ...filler];
  };
  return {
    ids: padIds(encoding.ids, length, padding),
    tokens: around(encoding.tokens, padding.padToken),
    offsets: around<readonly [number, number]>(encoding.offsets, [0, 0]),
    typeIds: fill(new Uint8Array(length).fill(padding.padTypeId), encoding.typeIds),
    attentionMask: fill(new Uint8Array(length), encoding.attentionMask),
    specialTokensMask: fill(new Uint8Array(length).fill(1), encoding.specialTokensMask),
    sequenceIds: fill(new Int8Array(length).fill(-1), encoding.sequenceIds),
  };
}
