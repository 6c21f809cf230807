/** What transformers lets be drawn and finds; see goldens/generate/generation.py. */
import { readFileSync } from "node:fs";
import type { BeamSearchOptions, ChoiceOptions, FoundText } from "orrery-lm/models";

/** Logits and which tokens may be drawn. */
export interface ChoiceRow {
  readonly logits: readonly number[];
  readonly options: ChoiceOptions;
  readonly ids: readonly number[];
  readonly probabilities: readonly number[];
}

/** A beam search of a model. */
export interface SearchRow {
  readonly model: string;
  readonly prompt: readonly number[];
  readonly options: BeamSearchOptions;
  /** The score of a search with one beam is not known. */
  readonly found: readonly (Omit<FoundText, "score"> & { readonly score: number | null })[];
}

/** The golden file. */
export const golden = JSON.parse(
  readFileSync(new URL("../../../goldens/models/generation.json", import.meta.url), "utf8"),
) as {
  readonly seen: readonly number[];
  readonly newTokens: number;
  readonly choices: readonly ChoiceRow[];
  readonly searches: readonly SearchRow[];
};
