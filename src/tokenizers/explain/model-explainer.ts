import type { ModelSteps } from "./explanation.ts";

/** Does what a model does with a piece, slowly, and says how. */
export interface ModelExplainer {
  /** @param text of the piece, not empty and well-formed */
  explain(text: string): ModelSteps;
}
