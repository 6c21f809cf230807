import type { NormalizerJson } from "orrery-lm/formats";
import { createPattern } from "../patterns/create-pattern.ts";
import { ByteLevelNormalizer } from "./byte-level.ts";
import { NmtNormalizer } from "./nmt.ts";
import type { Normalizer } from "./normalizer.ts";
import { PrependNormalizer } from "./prepend.ts";
import { ReplaceNormalizer } from "./replace.ts";
import { SequenceNormalizer } from "./sequence.ts";
import { StripNormalizer } from "./strip.ts";

/** Makes the normalizer that a tokenizer's file describes. Those with tables are fetched for it. */
export async function createNormalizer(json: NormalizerJson): Promise<Normalizer> {
  switch (json.type) {
    case "BertNormalizer": {
      const { BertNormalizer } = await import("./bert.ts");
      return new BertNormalizer(json);
    }
    case "ByteLevel":
      return new ByteLevelNormalizer();
    case "Lowercase": {
      const { LowercaseNormalizer } = await import("./lowercase.ts");
      return new LowercaseNormalizer();
    }
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD": {
      const { UnicodeFormNormalizer } = await import("./unicode-form.ts");
      return new UnicodeFormNormalizer(json.type);
    }
    case "Nmt":
      return new NmtNormalizer();
    case "Precompiled": {
      const { PrecompiledNormalizer } = await import("./precompiled.ts");
      return new PrecompiledNormalizer(json.precompiledCharsmap);
    }
    case "Prepend":
      return new PrependNormalizer(json.prepend);
    case "Replace": {
      const whose = { dialect: "oniguruma", origin: "normalizer Replace" } as const;
      return new ReplaceNormalizer(await createPattern(json.pattern, whose), json.content);
    }
    case "SentencePiece": {
      const { SentencePieceNormalizer } = await import("./sentencepiece.ts");
      return new SentencePieceNormalizer(json);
    }
    case "Sequence":
      return new SequenceNormalizer(await Promise.all(json.normalizers.map(createNormalizer)));
    case "Strip":
      return new StripNormalizer(json);
    case "StripAccents": {
      const { StripAccentsNormalizer } = await import("./strip-accents.ts");
      return new StripAccentsNormalizer();
    }
  }
}
