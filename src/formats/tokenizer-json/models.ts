/** The model `BPE`. */
export interface BPEJson {
  readonly type: "BPE";
  readonly unkToken: string | null;
  readonly fuseUnk: boolean;
  /** A piece that is a token as a whole gets its id, without merging. */
  readonly ignoreMerges: boolean;
  /** A character that is no token becomes its bytes, `<0x00>` … `<0xFF>`, if all of them are tokens. */
  readonly byteFallback: boolean;
  /** The probability to skip a merge; null for none. */
  readonly dropout: number | null;
  /** Put before every character of a piece but the first, such as "##"; null or "" for none. */
  readonly continuingSubwordPrefix: string | null;
  /** Put behind the last character of a piece, such as "</w>"; null or "" for none. */
  readonly endOfWordSuffix: string | null;
  /** Ids by token. */
  readonly vocab: ReadonlyMap<string, number>;
  /**
   * First learned first; both parts and their union (less the prefix of the second) are in `vocab`.
   */
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/**
 * A rank file of tiktoken: any two neighbors merge whose bytes together are a token, the one with the
 * lowest rank first; a piece that is a token as a whole gets its id.
 */
export interface TiktokenJson {
  readonly type: "tiktoken";
  /** The bytes of all tokens, one token after the other, by rank; a rank is an id. */
  readonly bytes: Uint8Array;
  /** Where the bytes of each rank end; a rank that the file leaves out has none. */
  readonly ends: Uint32Array;
}

/** The model `WordPiece`. */
export interface WordPieceJson {
  readonly type: "WordPiece";
  readonly unkToken: string;
  readonly continuingSubwordPrefix: string;
  readonly maxInputCharsPerWord: number;
  readonly vocab: ReadonlyMap<string, number>;
}

/** The model `WordLevel`. */
export interface WordLevelJson {
  readonly type: "WordLevel";
  readonly unkToken: string;
  readonly vocab: ReadonlyMap<string, number>;
}

/** The model `Unigram`. */
export interface UnigramJson {
  readonly type: "Unigram";
  readonly unkId: number | null;
  readonly byteFallback: boolean;
  /** By id. Scores are natural logarithms of probabilities, as the file has them. */
  readonly vocab: readonly (readonly [piece: string, score: number])[];
}

/** What a piece of a SentencePiece `.model` is. */
export type SentencePieceType =
  | "NORMAL"
  | "UNKNOWN"
  | "CONTROL"
  | "USER_DEFINED"
  | "UNUSED"
  | "BYTE";

/** The model in a SentencePiece `.model`, run as SentencePiece runs it. */
export interface SentencePieceJson {
  readonly type: "SentencePiece";
  readonly algorithm: "unigram" | "bpe" | "word" | "char";
  readonly byteFallback: boolean;
  readonly treatWhitespaceAsSuffix: boolean;
  /** By id. Scores are 32-bit floats. */
  readonly pieces: readonly {
    readonly piece: string;
    readonly score: number;
    readonly type: SentencePieceType;
  }[];
  /**
   * The file that it was read from, byte for byte, so that saving loses nothing; empty if trained here.
   * Whoever changes anything else here must leave it empty.
   */
  readonly file: Uint8Array;
}

/** A model, by the names that `tokenizer.json` uses; two kinds are of other formats. */
export type ModelJson =
  | BPEJson
  | TiktokenJson
  | WordPieceJson
  | WordLevelJson
  | UnigramJson
  | SentencePieceJson;
