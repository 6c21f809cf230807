import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { Tokenizer } from "orrery-lm/tokenizers";

/** A small model of SentencePiece 0.2.2 and what that answers. */
export interface SentencePieceCase {
  readonly name: string;
  /** The `.model`, packed with gzip, in base64. */
  readonly model: string;
  readonly rows: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly tokens: readonly string[];
    readonly offsets: readonly (readonly [number, number])[];
    readonly decoded: string;
  }[];
  readonly decodes: readonly { readonly ids: readonly number[]; readonly decoded: string }[];
  readonly nbest: readonly {
    readonly text: string;
    readonly best: readonly (readonly [ids: readonly number[], score: number])[];
  }[];
}

/** See goldens/generate/sentencepiece-models.py. */
export const sentencePieceCases: readonly SentencePieceCase[] = JSON.parse(
  readFileSync(
    new URL("../../goldens/tokenizers/sentencepiece-models.json", import.meta.url),
    "utf8",
  ),
).cases;

/** The bytes of a case's `.model`. */
export function unpackModel({ model }: SentencePieceCase): Uint8Array {
  return new Uint8Array(gunzipSync(Buffer.from(model, "base64")));
}

/** Loads a case's `.model`. */
export function loadModel(one: SentencePieceCase): Promise<Tokenizer> {
  return Tokenizer.load(unpackModel(one));
}
