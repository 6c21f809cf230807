import type { MetaspaceJson } from "orrery-lm/formats";
import type { DecoderStep, DecoderStepRun, TokenPart } from "./decoder-step.ts";

/**
 * `Metaspace`: "▁" becomes a blank; in the first token it vanishes, every one of them, unless the
 * scheme is "never".
 */
export class MetaspaceStep implements DecoderStep {
  readonly #json: Pick<MetaspaceJson, "replacement" | "prependScheme">;

  constructor(json: Pick<MetaspaceJson, "replacement" | "prependScheme">) {
    this.#json = json;
  }

  start(): DecoderStepRun {
    const { replacement, prependScheme } = this.#json;
    let isFirst = prependScheme !== "never";
    const map = ({ text, isLast }: TokenPart): TokenPart => {
      const mapped = text.replaceAll(replacement, isFirst ? "" : " ");
      if (isLast) isFirst = false;
      return { text: mapped, isLast };
    };
    return { push: (parts) => parts.map(map), end: () => [] };
  }
}
