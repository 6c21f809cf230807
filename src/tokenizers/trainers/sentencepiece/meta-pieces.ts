import { ConfigError } from "orrery-lm/base";
import type { SentencePieceJson } from "orrery-lm/formats";
import type { SentencePieceWordOptions } from "./options.ts";

type Piece = SentencePieceJson["pieces"][number];

const NAMES = { unk: "<unk>", bos: "<s>", eos: "</s>", pad: "<pad>" } as const;
const DEFAULT_IDS = { unk: 0, bos: 1, eos: 2, pad: -1 };

/**
 * The pieces that are not learned, by id: "<unk>", "<s>", "</s>", "<pad>" where the options say, then
 * control symbols, user-defined ones and bytes, each at the first free id. A symbol of one of these
 * names only changes the type of that piece.
 *
 * @throws {ConfigError} if two have one id, a symbol is empty or stands twice, or there is no "<unk>".
 */
export function metaPieces(options: SentencePieceWordOptions): ReadonlyMap<number, Piece> {
  const { controlSymbols = [], userDefinedSymbols = [], byteFallback = false } = options;
  const pieces = new Map<number, Piece>();
  const ids = { ...DEFAULT_IDS, ...options.ids };
  for (const name of ["unk", "bos", "eos", "pad"] as const) {
    const id = ids[name];
    if (!Number.isInteger(id)) fail(`ids.${name}: expected a whole number, got ${id}`);
    if (id < 0 && name === "unk") fail(`ids.unk: expected 0, 1, 2, …, got ${id}`);
    if (id < 0) continue;
    const other = pieces.get(id);
    if (other !== undefined) fail(`ids.${name}: ${id} is already the id of ${other.piece}`);
    pieces.set(id, { piece: NAMES[name], score: 0, type: name === "unk" ? "UNKNOWN" : "CONTROL" });
  }
  const bytes = Array.from(
    { length: byteFallback ? 256 : 0 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const idOf = new Map(Array.from(pieces, ([id, { piece }]) => [piece, id]));
  const seen = new Set<string>();
  let next = 0;
  const add = (piece: string, type: Piece["type"]): void => {
    if (piece === "") fail("a symbol is empty");
    if (seen.has(piece)) fail(`the symbol ${JSON.stringify(piece)} stands there twice`);
    if (piece === NAMES.unk) fail(`${NAMES.unk} cannot be a symbol`);
    seen.add(piece);
    const id = idOf.get(piece);
    while (id === undefined && pieces.has(next)) next++;
    pieces.set(id ?? next, { piece, score: 0, type });
  };
  for (const symbol of controlSymbols) add(symbol, "CONTROL");
  for (const symbol of userDefinedSymbols) add(symbol, "USER_DEFINED");
  for (const byte of bytes) add(byte, "BYTE");
  return pieces;
}

function fail(message: string): never {
  throw new ConfigError(`trainTokenizer: ${message}`);
}
