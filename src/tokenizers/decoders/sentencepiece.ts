import type { SentencePieceDecoderJson } from "orrery-lm/formats";
import { AlignedText } from "../aligned-text.ts";
import { SentencePieceNormalizer } from "../normalizers/sentencepiece.ts";
import { ByteRun } from "./byte-run.ts";
import type { Decoder, DecoderRun } from "./decoder.ts";

const BLANK = "▁";
const BYTE = /^<0x([0-9A-F]{2})>$/;

/**
 * The decoder of SentencePiece: "▁" is a blank, control pieces are nothing, the unknown piece is its
 * surface, and byte pieces in a row are UTF-8.
 *
 * Traps: the blank at the start goes once (the dummy prefix), or, with `removeExtraWhitespaces`,
 * from every piece until there is text; blanks further on stay, and so do all blanks of suffix mode. Of bytes that are
 * not UTF-8 each one becomes a U+FFFD; only bytes that follow each other directly make a character.
 */
export class SentencePieceDecoder implements Decoder {
  readonly #json: SentencePieceDecoderJson;
  readonly #controlPieces: ReadonlySet<string>;
  readonly #denormalizer: SentencePieceNormalizer | undefined;

  constructor(json: SentencePieceDecoderJson) {
    this.#json = json;
    this.#controlPieces = new Set(json.controlPieces);
    this.#denormalizer =
      json.denormalizer === null ? undefined : new SentencePieceNormalizer(json.denormalizer);
  }

  start(): DecoderRun {
    const run = this.#startRaw();
    const denormalizer = this.#denormalizer;
    if (denormalizer === undefined) return run;
    // A rule may read any number of characters, and blanks at the end may go.
    let text = "";
    return {
      push: (tokens) => {
        text += run.push(tokens);
        return "";
      },
      end: () => denormalizer.normalize(new AlignedText(text + run.end(), true)).text,
    };
  }

  #startRaw(): DecoderRun {
    const { addDummyPrefix, removeExtraWhitespaces, byteFallback } = this.#json;
    let mayDropBlank = addDummyPrefix || removeExtraWhitespaces;
    const bytes = new ByteRun();
    const decode = (token: string): string => {
      if (this.#controlPieces.has(token)) return "";
      if (token === this.#json.unkPiece) return this.#json.unkSurface;
      const isDropped = mayDropBlank && token.startsWith(BLANK);
      if (isDropped && !removeExtraWhitespaces) mayDropBlank = false;
      return (isDropped ? token.slice(1) : token).replaceAll(BLANK, " ");
    };
    const note = (text: string): string => {
      if (text !== "") mayDropBlank = false;
      return text;
    };
    return {
      push: (tokens) => {
        let text = "";
        for (const token of tokens) {
          const byte = byteFallback ? BYTE.exec(token) : null;
          if (byte !== null) text += note(bytes.push(parseInt(byte[1]!, 16)));
          else {
            text += note(bytes.end());
            text += note(decode(token));
          }
        }
        return text;
      },
      end: () => bytes.end(),
    };
  }
}
