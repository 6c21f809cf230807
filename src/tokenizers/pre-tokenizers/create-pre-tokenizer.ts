import { FormatError } from "orrery-lm/base";
import { type PreTokenizerJson, TOKENIZER_JSON } from "orrery-lm/formats";
import type { Dialect } from "../patterns/regex-source.ts";
import { createPattern } from "../patterns/create-pattern.ts";
import { scannerOfSplit } from "../kernels/known-patterns.ts";
import { ByteLevelPreTokenizer } from "./byte-level.ts";
import { CharDelimiterSplitPreTokenizer } from "./char-delimiter-split.ts";
import { DigitsPreTokenizer } from "./digits.ts";
import { FixedLengthPreTokenizer } from "./fixed-length.ts";
import { MetaspacePreTokenizer } from "./metaspace.ts";
import type { PreTokenizer } from "./pre-tokenizer.ts";
import { SequencePreTokenizer } from "./sequence.ts";
import { splitByScanner } from "./split-by-scanner.ts";
import { SplitPreTokenizer } from "./split.ts";
import { WhitespacePreTokenizer } from "./whitespace.ts";
import { WhitespaceSplitPreTokenizer } from "./whitespace-split.ts";

/**
 * Makes the pre-tokenizer that a tokenizer's file describes. Those with tables are fetched for it.
 * @param readsBytes whether the model reads the bytes of a piece, not their spelling in the byte
 * alphabet
 * @param dialect of the regular expressions
 * @throws {FormatError} if a regular expression is not supported, or a length is 0.
 */
export async function createPreTokenizer(
  json: PreTokenizerJson,
  readsBytes: boolean,
  dialect: Dialect = "oniguruma",
): Promise<PreTokenizer> {
  let scripts: Promise<Uint8Array> | undefined;
  const readScripts = (): Promise<Uint8Array> => (scripts ??= fetchScripts());
  return create(json, { readsBytes, dialect, readScripts });
}

interface Surroundings {
  readonly readsBytes: boolean;
  readonly dialect: Dialect;
  /** A table of a megabyte, which all steps share. */
  readonly readScripts: () => Promise<Uint8Array>;
}

async function fetchScripts(): Promise<Uint8Array> {
  const { readOldScripts } = await import("../unicode/old-scripts.ts");
  return readOldScripts();
}

async function create(json: PreTokenizerJson, surroundings: Surroundings): Promise<PreTokenizer> {
  const { readsBytes, dialect, readScripts } = surroundings;
  switch (json.type) {
    case "BertPreTokenizer": {
      const { BertPreTokenizer } = await import("./bert.ts");
      return new BertPreTokenizer();
    }
    case "ByteLevel":
      return new ByteLevelPreTokenizer({ ...json, isSpelled: !readsBytes });
    case "CharDelimiterSplit":
      return new CharDelimiterSplitPreTokenizer(json.delimiter);
    case "Digits":
      return new DigitsPreTokenizer(json.individualDigits);
    case "FixedLength":
      if (json.length < 1) {
        throw new FormatError(
          TOKENIZER_JSON,
          "pre_tokenizer FixedLength: expected a length above 0, got 0",
        );
      }
      return new FixedLengthPreTokenizer(json.length);
    case "Metaspace":
      return new MetaspacePreTokenizer(json);
    case "Punctuation": {
      const { PunctuationPreTokenizer } = await import("./punctuation.ts");
      return new PunctuationPreTokenizer(json.behavior);
    }
    case "Sequence":
      return new SequencePreTokenizer(
        await Promise.all(json.pretokenizers.map((step) => create(step, surroundings))),
      );
    case "Split": {
      const scan = scannerOfSplit(json, dialect === "fancy-regex");
      if (scan !== undefined) return { split: (text) => splitByScanner(text, scan) };
      const whose = { dialect, origin: "pre-tokenizer Split" };
      return new SplitPreTokenizer(json, await createPattern(json.pattern, whose));
    }
    case "UnicodeScripts": {
      const { UnicodeScriptsPreTokenizer } = await import("./unicode-scripts.ts");
      return new UnicodeScriptsPreTokenizer(await readScripts());
    }
    case "Whitespace":
      return new WhitespacePreTokenizer();
    case "WhitespaceSplit":
      return new WhitespaceSplitPreTokenizer();
  }
}
