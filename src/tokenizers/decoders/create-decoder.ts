import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type DecoderJson } from "orrery-lm/formats";
import { bpeDecoderStep } from "./bpe.ts";
import { byteFallbackStep } from "./byte-fallback.ts";
import { ByteLevelDecoder } from "./byte-level.ts";
import { ctcStep } from "./ctc.ts";
import type { Decoder } from "./decoder.ts";
import { fusingStep } from "./fusing-step.ts";
import type { DecoderStep } from "./decoder-step.ts";
import { FuseStep } from "./fuse.ts";
import { JoinWithBlanks } from "./join-with-blanks.ts";
import { MetaspaceStep } from "./metaspace.ts";
import { replaceStep } from "./replace.ts";
import { StepsDecoder } from "./steps-decoder.ts";
import { StripStep } from "./strip.ts";
import { wordPieceStep } from "./word-piece.ts";

/** Makes the decoder that a tokenizer's file describes. */
export async function createDecoder(json: DecoderJson | null): Promise<Decoder> {
  if (json === null) return new JoinWithBlanks();
  if (json.type === "ByteLevel") return new ByteLevelDecoder();
  if (json.type === "SentencePiece") {
    const { SentencePieceDecoder } = await import("./sentencepiece.ts");
    return new SentencePieceDecoder(json);
  }
  return new StepsDecoder(await Promise.all(flatten(json).map(createStep)));
}

type Step = Exclude<DecoderJson, { readonly type: "Sequence" }>;

function flatten(json: DecoderJson): readonly Step[] {
  return json.type === "Sequence" ? json.decoders.flatMap(flatten) : [json];
}

async function createStep(json: Step): Promise<DecoderStep> {
  switch (json.type) {
    case "BPEDecoder":
      return bpeDecoderStep(json.suffix);
    case "ByteFallback":
      return byteFallbackStep();
    case "ByteLevel":
      return fusingStep(new ByteLevelDecoder());
    case "CTC":
      return ctcStep(json);
    case "Fuse":
      return new FuseStep();
    case "Metaspace":
      return new MetaspaceStep(json);
    case "Replace":
      return replaceStep(json.pattern, json.content);
    case "Strip":
      return new StripStep(json);
    case "WordPiece":
      return wordPieceStep(json);
    case "SentencePiece":
      throw new FormatError(TOKENIZER_JSON, `decoder ${json.type} is not supported`);
  }
}
