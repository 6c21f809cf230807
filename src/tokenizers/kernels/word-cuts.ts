import type { NormalizerJson, PreTokenizerJson, TokenizerJson } from "orrery-lm/formats";
import { joinsAtBlanks } from "./joins-at-blanks.ts";
import { hasLocalBlanks } from "./local-normalizer.ts";

const BLANK_SIGN = "▁";

/** Where the text of a tokenizer can be cut without changing an id: before a run of blanks. */
export interface WordCuts {
  /** The pipeline leaves blanks out, and line ends and tabs are blanks too. */
  readonly leavesBlanksOut: boolean;
  /** Chinese characters are cut off on both sides. */
  readonly cutsAtChinese: boolean;
  /**
   * The pipeline puts a blank in front of whatever it gets, so what stands behind a cut is given to it
   * without its first blank.
   */
  readonly dropsBlank: boolean;
}

const BLANKS_ONLY: WordCuts = { leavesBlanksOut: false, cutsAtChinese: false, dropsBlank: false };

/**
 * How the text of a tokenizer can be cut; undefined if nothing proves that it can.
 *
 * Either the pre-tokenizer cuts at blanks anyway and leaves them out (BERT, T5); or blanks become "▁",
 * no token of a BPE has a "▁" behind another character, and a word gets the same "▁" in front of it,
 * be it that of its blank or that of the start of a text (Llama 2, Mistral, Gemma).
 */
export function wordCutsOf(json: TokenizerJson): WordCuts | undefined {
  const { normalizer, preTokenizer, model } = json;
  if (model.type === "SentencePiece") {
    const isCut = normalizer?.type === "SentencePiece" && hasLocalBlanks(normalizer);
    const cuts = isCut && normalizer.addDummyPrefix && !joinsAtBlanks(model, BLANK_SIGN);
    return cuts ? { ...BLANKS_ONLY, dropsBlank: true } : undefined;
  }
  if (preTokenizer === null) return prependedCutsOf(json);
  if (normalizer !== null && !hasLocalBlanks(normalizer)) return undefined;
  const [first, ...others] = stepsOf(preTokenizer);
  if (first !== undefined && leavesBlanksOut(first)) {
    // What comes behind it sees one word at a time.
    const cutsAtChinese = normalizer?.type === "BertNormalizer" && normalizer.handleChineseChars;
    return { ...BLANKS_ONLY, leavesBlanksOut: true, cutsAtChinese };
  }
  if (first?.type !== "Metaspace" || others.length > 0 || normalizer !== null) return undefined;
  const isCut = first.split || !joinsAtBlanks(model, first.replacement);
  return isCut ? BLANKS_ONLY : undefined;
}

/** Of a `Prepend` and a `Replace` that do what `Metaspace` does. */
function prependedCutsOf({ normalizer, model }: TokenizerJson): WordCuts | undefined {
  const steps = normalizer?.type === "Sequence" ? normalizer.normalizers : [];
  const [prepend, replace] = steps as [NormalizerJson?, NormalizerJson?];
  if (steps.length !== 2 || prepend?.type !== "Prepend" || replace?.type !== "Replace") {
    return undefined;
  }
  const isSpelling = "string" in replace.pattern && replace.pattern.string === " ";
  if (!isSpelling || replace.content !== prepend.prepend) return undefined;
  return joinsAtBlanks(model, prepend.prepend) ? undefined : { ...BLANKS_ONLY, dropsBlank: true };
}

function stepsOf(json: PreTokenizerJson): readonly PreTokenizerJson[] {
  return json.type === "Sequence" ? json.pretokenizers.flatMap(stepsOf) : [json];
}

function leavesBlanksOut({ type }: PreTokenizerJson): boolean {
  return type === "BertPreTokenizer" || type === "Whitespace" || type === "WhitespaceSplit";
}
