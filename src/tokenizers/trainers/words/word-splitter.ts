import type { NormalizerJson, PreTokenizerJson } from "orrery-lm/formats";
import { AlignedText } from "../../aligned-text.ts";
import { splitGpt2 } from "../../kernels/gpt2-scanner.ts";
import { IdBuffer } from "../../collections/id-buffer.ts";
import { scannerOfPattern } from "../../kernels/known-patterns.ts";
import type { Scanner } from "../../kernels/scanner.ts";
import { Utf8Encoder } from "../../collections/utf8-encoder.ts";
import { createNormalizer } from "../../normalizers/create-normalizer.ts";
import { createPreTokenizer } from "../../pre-tokenizers/create-pre-tokenizer.ts";
import type { WordCounts } from "./word-counts.ts";

/** How texts become words: by the first steps of the tokenizer that is to be trained. */
export interface WordPreparation {
  readonly normalizer: NormalizerJson | null;
  readonly preTokenizer: PreTokenizerJson | null;
  /** Whether words are bytes of the text, even where a step would spell them in the byte alphabet. */
  readonly readsBytes: boolean;
}

/** Counts the words of a text; none crosses its end. */
export type CountWordsOf = (text: string, words: WordCounts) => void;

/** Makes what cuts texts into words and counts them. */
export async function makeWordSplitter(preparation: WordPreparation): Promise<CountWordsOf> {
  const scan = scannerOf(preparation);
  return scan === undefined ? countBySteps(preparation) : countByScanner(scan);
}

/** Preparations are the same if this is. */
export function nameOfPreparation(preparation: WordPreparation): string {
  return JSON.stringify(preparation);
}

function countByScanner(scan: Scanner): CountWordsOf {
  const utf8 = new Utf8Encoder();
  const ends = new IdBuffer();
  return (text, words) => {
    const { bytes, length } = utf8.encode(text);
    ends.clear();
    scan(bytes, length, ends);
    let start = 0;
    for (let i = 0; i < ends.length; i++) {
      const end = ends.data[i]!;
      words.addOne(bytes, start, end);
      start = end;
    }
  };
}

async function countBySteps({
  normalizer,
  preTokenizer,
  readsBytes,
}: WordPreparation): Promise<CountWordsOf> {
  const utf8 = new Utf8Encoder();
  const normalizing = normalizer && (await createNormalizer(normalizer));
  const cutting = preTokenizer && (await createPreTokenizer(preTokenizer, readsBytes));
  return (text, words) => {
    const whole = new AlignedText(text.toWellFormed(), true);
    const normalized = normalizing?.normalize(whole) ?? whole;
    for (const piece of cutting?.split(normalized) ?? [normalized]) {
      const { bytes, length } = utf8.encode(piece.text);
      if (length > 0) words.addOne(bytes, 0, length);
    }
  };
}

/** What cuts bytes as the steps do, if they are known so well. */
function scannerOf({ normalizer, preTokenizer, readsBytes }: WordPreparation): Scanner | undefined {
  if (normalizer !== null || preTokenizer === null || !readsBytes) return undefined;
  if (preTokenizer.type === "ByteLevel") {
    return preTokenizer.useRegex && !preTokenizer.addPrefixSpace ? splitGpt2 : undefined;
  }
  if (preTokenizer.type !== "Sequence" || preTokenizer.pretokenizers.length !== 2) return undefined;
  const [split, spell] = preTokenizer.pretokenizers;
  if (split?.type !== "Split" || "string" in split.pattern) return undefined;
  const keepsMatches = split.behavior === "Isolated" && !split.invert;
  const onlySpells = spell?.type === "ByteLevel" && !spell.addPrefixSpace && !spell.useRegex;
  return keepsMatches && onlySpells ? scannerOfPattern(split.pattern.regex, false) : undefined;
}
