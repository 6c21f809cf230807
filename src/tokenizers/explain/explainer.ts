import type { NormalizerJson, TokenizerJson } from "orrery-lm/formats";
import type { SpecialTokens } from "../added-tokens/added-tokens.ts";
import { AlignedText } from "../aligned-text.ts";
import type { Encoder } from "../encoder.ts";
import { codePointsBefore, fromCodePoints } from "../encodings/encoding.ts";
import { offsetsOfTokens } from "../encodings/offsets-of-tokens.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { readsBytes } from "../models/reads-bytes.ts";
import { createNormalizer } from "../normalizers/create-normalizer.ts";
import { LimitedNormalizer } from "../normalizers/limited.ts";
import type { Normalizer } from "../normalizers/normalizer.ts";
import type { PlainEncodeOptions } from "../options.ts";
import type { EncodingSteps } from "../text-encoding.ts";
import { type Vocabulary, unknownIdOf } from "../vocabulary.ts";
import { createModelExplainer } from "./create-model-explainer.ts";
import type {
  ExplainedPiece,
  Explanation,
  FinalToken,
  FoundToken,
  NormalizerStep,
  PieceToken,
  TextSection,
} from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";
import { type RuledPiece, SplitExplainer } from "./split-explainer.ts";

/** The parts of a tokenizer that an {@link Explainer} asks. */
export interface ExplainedParts {
  readonly json: TokenizerJson;
  readonly steps: Pick<EncodingSteps, "addedTokens" | "model">;
  readonly vocabulary: Vocabulary;
  readonly encoder: Encoder;
}

type NamedNormalizer = Normalizer & { readonly name: NormalizerStep["name"] };

interface ExplainedSteps {
  readonly normalizers: readonly NamedNormalizer[];
  readonly splits: SplitExplainer;
}

/** What is the same for all of a text. */
interface Reading {
  readonly specialTokens: SpecialTokens;
  /** From code points of the text to UTF-16 units. */
  readonly toUnits: (offset: number) => number;
}

const BYTE_TOKEN = /^<0x[0-9A-F]{2}>$/;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Does what a tokenizer does with a text, slowly, and says how. */
export class Explainer {
  readonly #parts: ExplainedParts;
  readonly #normalizers: readonly NamedNormalizer[];
  readonly #splits: SplitExplainer;
  readonly #modelSteps: ModelExplainer;

  private constructor(parts: ExplainedParts, steps: ExplainedSteps) {
    this.#parts = parts;
    this.#normalizers = steps.normalizers;
    this.#splits = steps.splits;
    this.#modelSteps = createModelExplainer(parts.json);
  }

  static async create(parts: ExplainedParts): Promise<Explainer> {
    const { json } = parts;
    const steps = json.normalizer === null ? [] : flatten(json.normalizer);
    const normalizers = steps.map(async (step): Promise<NamedNormalizer> => {
      const normalizer = new LimitedNormalizer(await createNormalizer(step));
      return { name: step.type, normalize: (text) => normalizer.normalize(text) };
    });
    const dialect = json.model.type === "tiktoken" ? "fancy-regex" : "oniguruma";
    return new Explainer(parts, {
      normalizers: await Promise.all(normalizers),
      splits: await SplitExplainer.create(json.preTokenizer, readsBytes(json), dialect),
    });
  }

  /** See {@link Tokenizer.explain}. */
  explain(
    text: string,
    { addSpecialTokens = true, specialTokens = "text" }: PlainEncodeOptions,
  ): Explanation {
    const before = codePointsBefore(text);
    const reading = { specialTokens, toUnits: fromCodePoints(text, "utf16") };
    const sections = this.#parts.steps.addedTokens
      .split(text, specialTokens)
      .map(({ start, end, id }) => {
        const section = AlignedText.fromUser(text.slice(start, end).toWellFormed(), before[start]!);
        return id === undefined
          ? { type: "text" as const, start, end, ...this.#explainSection(section, reading) }
          : this.#foundToken(id, section, reading);
      });
    const options = { addSpecialTokens, specialTokens, truncation: false, padding: false } as const;
    const { ids, tokens, offsets, sequenceIds } = this.#parts.encoder.encodeFull([text], options);
    const all = tokens.map((token, i): FinalToken => {
      const [start, end] = offsets[i]!;
      return { id: ids[i]!, token, start, end, isAdded: sequenceIds[i] === -1 };
    });
    return { text, sections, tokens: all };
  }

  #foundToken(id: number, { text, alignment }: AlignedText, { toUnits }: Reading): FoundToken {
    return {
      type: "addedToken",
      start: toUnits(alignment!.starts[0]!),
      end: toUnits(alignment!.ends.at(-1)!),
      text,
      id,
      token: this.#parts.vocabulary.tokenOf(id)!,
      isSpecial: this.#parts.steps.addedTokens.isSpecial(id),
    };
  }

  #explainSection(
    section: AlignedText,
    reading: Reading,
  ): Omit<TextSection, "type" | "start" | "end"> {
    const { addedTokens } = this.#parts.steps;
    const normalizers: NormalizerStep[] = [];
    let normalized = section;
    for (const step of this.#normalizers) {
      const before = normalized.text;
      normalized = step.normalize(normalized);
      if (normalized.text !== before) {
        normalizers.push({ name: step.name, before, after: normalized.text });
      }
    }
    const parts =
      this.#normalizers.length === 0
        ? [{ start: 0, end: normalized.text.length, id: undefined }]
        : addedTokens.splitNormalized(normalized.text, reading.specialTokens);
    return {
      normalizers,
      normalized: normalized.text,
      parts: parts.flatMap(({ start, end, id }): TextSection["parts"] => {
        const part = normalized.slice(start, end);
        if (id !== undefined) return [this.#foundToken(id, part, reading)];
        return this.#splits.split(part).map((ruled) => this.#explainPiece(ruled, reading));
      }),
    };
  }

  #explainPiece({ piece, rules }: RuledPiece, { toUnits }: Reading): ExplainedPiece {
    const { starts, ends } = piece.alignment!;
    return {
      type: "piece",
      text: piece.text,
      start: toUnits(starts[0]!),
      end: toUnits(ends.at(-1)!),
      rules,
      steps: this.#modelSteps.explain(piece.text),
      tokens: this.#tokensOf(piece, toUnits),
    };
  }

  /** What the model itself says. */
  #tokensOf(piece: AlignedText, toUnits: Reading["toUnits"]): PieceToken[] {
    const { steps, vocabulary } = this.#parts;
    const { model } = steps;
    const bytes = new TextEncoder().encode(piece.text);
    const ids = new IdBuffer();
    const lengthBuffer = new IdBuffer();
    model.encodePieceWithLengths({ bytes, start: 0, end: bytes.length }, ids, lengthBuffer);
    const lengths = lengthBuffer.toArray();
    const offsets = offsetsOfTokens(piece.alignment!, bytes, lengths, model.sharesPlaces);
    let position = 0;
    return offsets.map(([start, end], i) => {
      const id = ids.data[i]!;
      const surface = utf8.decode(bytes.subarray(position, (position += lengths[i]!)));
      const token = id === model.surfaceId ? surface : vocabulary.tokenOf(id)!;
      const kind = this.#kindOf(id, surface);
      return { id, token, start: toUnits(start), end: toUnits(end), kind };
    });
  }

  #kindOf(id: number, surface: string): PieceToken["kind"] {
    const { model } = this.#parts.json;
    const token = this.#parts.vocabulary.tokenOf(id)!;
    if (token === surface) return "token";
    if (id === unknownIdOf(model)) return "unknown";
    const isByte = "byteFallback" in model && model.byteFallback && BYTE_TOKEN.test(token);
    return isByte ? "byte" : "token";
  }
}

type Step = Exclude<NormalizerJson, { readonly type: "Sequence" }>;

function flatten(json: NormalizerJson): readonly Step[] {
  return json.type === "Sequence" ? json.normalizers.flatMap(flatten) : [json];
}
