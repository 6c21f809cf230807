import { FormatError } from "orrery-lm/base";
import type { BPEJson, ModelJson } from "./models.ts";
import { TOKENIZER_JSON } from "./tokenizer-json.ts";
import { float32, float64, size } from "./write-json.ts";

/** What `tokenizers` writes for a model. @throws {FormatError} if it has none like it. */
export function writeModel(json: ModelJson): object {
  switch (json.type) {
    case "BPE":
      return writeBPE(json);
    case "WordPiece":
      return {
        type: json.type,
        unk_token: json.unkToken,
        continuing_subword_prefix: json.continuingSubwordPrefix,
        max_input_chars_per_word: size(json.maxInputCharsPerWord),
        vocab: byId(json.vocab),
      };
    case "WordLevel":
      return { type: json.type, vocab: byId(json.vocab), unk_token: json.unkToken };
    case "Unigram":
      return {
        type: json.type,
        unk_id: json.unkId,
        vocab: json.vocab.map(([piece, score]) => [piece, float64(score)]),
        byte_fallback: json.byteFallback,
      };
    case "tiktoken":
    case "SentencePiece":
      throw new FormatError(TOKENIZER_JSON, `it has no model ${json.type}`);
  }
}

function writeBPE(json: BPEJson): object {
  return {
    type: json.type,
    dropout: json.dropout === null ? null : float32(json.dropout),
    unk_token: json.unkToken,
    continuing_subword_prefix: json.continuingSubwordPrefix,
    end_of_word_suffix: json.endOfWordSuffix,
    fuse_unk: json.fuseUnk,
    byte_fallback: json.byteFallback,
    ignore_merges: json.ignoreMerges,
    vocab: byId(json.vocab),
    merges: lastOfEach(json.merges),
  };
}

function byId(vocab: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...vocab].toSorted(([, a], [, b]) => a - b));
}

/** A merge that stands twice has the later rank. */
function lastOfEach(merges: BPEJson["merges"]): BPEJson["merges"] {
  // No token has a lone surrogate, so none spans the two parts.
  const last = new Map(merges.map(([left, right], i) => [`${left}\ud800${right}`, i]));
  if (last.size === merges.length) return merges;
  return [...last.values()].toSorted((a, b) => a - b).map((i) => merges[i]!);
}
