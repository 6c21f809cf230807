import type { SentencePieceJson, SentencePieceType } from "orrery-lm/formats";

/** The pieces of some types, with their ids. */
export function piecesInText(
  pieces: SentencePieceJson["pieces"],
  types: readonly SentencePieceType[],
): (readonly [piece: string, id: number])[] {
  return pieces.flatMap(({ piece, type }, id) =>
    types.includes(type) ? [[piece, id] as const] : [],
  );
}
