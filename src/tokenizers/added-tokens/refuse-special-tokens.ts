import { AlignedText } from "../aligned-text.ts";
import { codePointsBefore, fromCodePoints } from "../encodings/encoding.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import { SpecialTokenError } from "../special-token-error.ts";
import type { AddedTokens } from "./added-tokens.ts";

/**
 * Refuses special tokens that stand in a text or that the normalizer makes; each by where it comes
 * from in the text.
 * @throws {SpecialTokenError} if there is one.
 */
export function refuseSpecialTokens(
  text: string,
  addedTokens: AddedTokens,
  normalizer: Normalizer,
): void {
  const sections = addedTokens.split(text, "refuse");
  if (!addedTokens.isNormalizing("refuse")) return;
  const before = codePointsBefore(text);
  for (const { start, end, id } of sections) {
    if (id !== undefined) continue;
    const section = AlignedText.fromUser(text.slice(start, end).toWellFormed(), before[start]!);
    const normalized = normalizer.normalize(section);
    const special = addedTokens.specialIn(addedTokens.splitNormalized(normalized.text, "refuse"));
    if (special === undefined) continue;
    const token = normalized.text.slice(special.start, special.end);
    const place = normalized.alignment!.starts[special.start]!;
    throw new SpecialTokenError(token, fromCodePoints(text, "utf16")(place));
  }
}
