import type { NormalizerJson } from "orrery-lm/formats";
import { BertNormalizer } from "./bert.ts";
import { ByteLevelNormalizer } from "./byte-level.ts";
import { LowercaseNormalizer } from "./lowercase.ts";
import { NmtNormalizer } from "./nmt.ts";
import type { Normalizer } from "./normalizer.ts";
import { PrecompiledNormalizer } from "./precompiled.ts";
import { PrependNormalizer } from "./prepend.ts";
import { ReplaceNormalizer } from "./replace.ts";
import { SentencePieceNormalizer } from "./sentencepiece.ts";
import { SequenceNormalizer } from "./sequence.ts";
import { StripAccentsNormalizer } from "./strip-accents.ts";
import { StripNormalizer } from "./strip.ts";
import { UnicodeFormNormalizer } from "./unicode-form.ts";

/** Makes the normalizer that a tokenizer's file describes. */
export function createNormalizer(json: NormalizerJson): Normalizer {
  switch (json.type) {
    case "BertNormalizer":
      return new BertNormalizer(json);
    case "ByteLevel":
      return new ByteLevelNormalizer();
    case "Lowercase":
      return new LowercaseNormalizer();
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return new UnicodeFormNormalizer(json.type);
    case "Nmt":
      return new NmtNormalizer();
    case "Precompiled":
      return new PrecompiledNormalizer(json.precompiledCharsmap);
    case "Prepend":
      return new PrependNormalizer(json.prepend);
    case "Replace":
      return new ReplaceNormalizer(json.pattern, json.content);
    case "SentencePiece":
      return new SentencePieceNormalizer(json);
    case "Sequence":
      return new SequenceNormalizer(json.normalizers.map(createNormalizer));
    case "Strip":
      return new StripNormalizer(json);
    case "StripAccents":
      return new StripAccentsNormalizer();
  }
}
