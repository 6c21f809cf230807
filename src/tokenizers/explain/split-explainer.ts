import { type PreTokenizerJson, SPLIT_PATTERNS } from "orrery-lm/formats";
import { AlignedText } from "../aligned-text.ts";
import { fromCodePoints } from "../encodings/encoding.ts";
import { Alternatives } from "../patterns/alternatives.ts";
import { createPattern } from "../patterns/create-pattern.ts";
import type { Pattern } from "../patterns/pattern.ts";
import { RegexPattern } from "../patterns/regex.ts";
import type { Dialect, RegexText } from "../patterns/regex-source.ts";
import { createPreTokenizer } from "../pre-tokenizers/create-pre-tokenizer.ts";
import type { PreTokenizer } from "../pre-tokenizers/pre-tokenizer.ts";
import type { SplitRule } from "./explanation.ts";

/** A piece and the pre-tokenizers that had a part in it. */
export interface RuledPiece {
  readonly piece: AlignedText;
  readonly rules: readonly SplitRule[];
}

type Split = Extract<PreTokenizerJson, { readonly type: "Split" }>;
type Step = Exclude<PreTokenizerJson, { readonly type: "Sequence" }>;

/** Cuts text as a pre-tokenizer does, and says which rules cut each piece. */
export class SplitExplainer {
  readonly #steps: readonly RuledStep[];

  private constructor(steps: readonly RuledStep[]) {
    this.#steps = steps;
  }

  static async create(
    json: PreTokenizerJson | null,
    readsBytes: boolean,
    dialect: Dialect,
  ): Promise<SplitExplainer> {
    const steps = json === null ? [] : flatten(json);
    return new SplitExplainer(
      await Promise.all(steps.map((step) => createStep(step, readsBytes, dialect))),
    );
  }

  split(text: AlignedText): readonly RuledPiece[] {
    let pieces: readonly RuledPiece[] = text.text === "" ? [] : [{ piece: text, rules: [] }];
    for (const step of this.#steps) {
      pieces = pieces.flatMap(({ piece, rules }) =>
        step(piece)
          .filter((part) => part.piece.text !== "")
          .map((part) => ({ piece: part.piece, rules: [...rules, ...part.rules] })),
      );
    }
    return pieces;
  }
}

/** Cuts a piece further; the rules are those of this step only. */
type RuledStep = (text: AlignedText) => readonly RuledPiece[];

function flatten(json: PreTokenizerJson): readonly Step[] {
  return json.type === "Sequence" ? json.pretokenizers.flatMap(flatten) : [json];
}

async function createStep(json: Step, readsBytes: boolean, dialect: Dialect): Promise<RuledStep> {
  const preTokenizer = await createPreTokenizer(json, readsBytes, dialect);
  if (json.type === "Split") return splitAtPattern(json, preTokenizer, dialect);
  if (json.type === "ByteLevel" && json.useRegex) {
    // Cuts the bytes themselves, not their spelling, whose places are others.
    return splitForBytes(preTokenizer, await createPreTokenizer(json, true, dialect));
  }
  return (text) => {
    const pieces = Array.from(preTokenizer.split(text));
    const isSame = pieces.length === 1 && pieces[0]!.text === text.text;
    const rules = isSame ? [] : [{ name: json.type, alternative: null }];
    return pieces.map((piece) => ({ piece, rules }));
  };
}

async function splitAtPattern(
  json: Split,
  preTokenizer: PreTokenizer,
  dialect: Dialect,
): Promise<RuledStep> {
  const pattern = await createPattern(json.pattern, { dialect, origin: "pre-tokenizer Split" });
  const name = json.type;
  const findersIn = alternativesOf(json, dialect);
  return (text) => {
    const alternativeIn = alternativesOfPieces(pattern, text.text, findersIn(text.text));
    const pieces = Array.from(preTokenizer.split(text));
    const places = placesOf(text.text, preTokenizer);
    return pieces.map((piece, i) => {
      const alternative = alternativeIn(...places[i]!);
      const isCut = alternative !== null || piece.text !== text.text;
      return { piece, rules: isCut ? [{ name, alternative }] : [] };
    });
  };
}

function alternativesOf(
  { pattern }: Split,
  dialect: Dialect,
): (text: string) => (start: number) => string {
  if ("string" in pattern) return () => () => pattern.string;
  const alternatives = new Alternatives({
    text: pattern.regex,
    dialect,
    origin: "pre-tokenizer Split",
  });
  return (text) => alternatives.finderIn(text);
}

function splitForBytes(preTokenizer: PreTokenizer, unspelled: PreTokenizer): RuledStep {
  const text = SPLIT_PATTERNS.get("gpt2")![0]!;
  const regex: RegexText = { text, dialect: "oniguruma", origin: "pre-tokenizer ByteLevel" };
  const pattern = new RegexPattern(regex);
  const alternatives = new Alternatives(regex);
  return (text) => {
    const parts = Array.from(unspelled.split(text));
    const whole = parts.map((part) => part.text).join("");
    const alternativeIn = alternativesOfPieces(pattern, whole, alternatives.finderIn(whole));
    let end = 0;
    const rules = parts.map((part): readonly SplitRule[] => {
      const start = end;
      end += part.text.length;
      return [{ name: "ByteLevel", alternative: alternativeIn(start, end) }];
    });
    return Array.from(preTokenizer.split(text), (piece, i) => ({ piece, rules: rules[i]! }));
  };
}

/** Where the pieces of a text lie in it, in UTF-16 units. */
function placesOf(text: string, preTokenizer: PreTokenizer): (readonly [number, number])[] {
  const toUnits = fromCodePoints(text, "utf16");
  return Array.from(preTokenizer.split(AlignedText.fromUser(text, 0)), ({ alignment }) => {
    const { starts, ends } = alignment!;
    return [toUnits(starts[0]!), toUnits(ends.at(-1)!)];
  });
}

/** Gives the alternative of the first match in a piece, or null. Pieces must come in order. */
function alternativesOfPieces(
  pattern: Pattern,
  text: string,
  alternativeAt: (start: number) => string,
): (start: number, end: number) => string | null {
  const matches = pattern.findAll(text);
  let next = 0;
  return (start, end) => {
    while (next < matches.length && (matches[next]! < start || matches[next] === matches[next + 1]))
      next += 2;
    return next < matches.length && matches[next + 1]! <= end
      ? alternativeAt(matches[next]!)
      : null;
  };
}
