import { FormatError } from "orrery-lm/base";
import { type NormalizerJson, TOKENIZER_JSON } from "orrery-lm/formats";
import type { Normalizer } from "./normalizer.ts";

/** Makes the normalizer that a tokenizer's file describes. */
export function createNormalizer(json: NormalizerJson): Normalizer {
  throw new FormatError(TOKENIZER_JSON, `normalizer ${json.type} is not supported`);
}
