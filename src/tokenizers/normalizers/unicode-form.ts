import type { AlignedText } from "../aligned-text.ts";
import { TextRewriter } from "../text-rewriter.ts";
import { forEachRun } from "../unicode/code-point-runs.ts";
import { COMPOSING_RUNS } from "../unicode/tables.gen.ts";
import { type UnicodeForm, toForm } from "../unicode/to-form.ts";
import { putForm } from "./form-alignment.ts";
import type { Normalizer } from "./normalizer.ts";

// Stretches of what Unicode 9.0 changes, moves or joins. All else stands alone there, though a newer
// engine may know better: cutting at it and leaving it out pins the version.
const COMPOSING: RegExp = /* @__PURE__ */ makePattern();

/**
 * `NFC`, `NFD`, `NFKC`, `NFKD` of Unicode 9.0, whatever the version of the engine: what came later
 * (U+32FF, for one) stays as it is, and a mark from later joins nothing and is not reordered.
 *
 * @see https://www.unicode.org/reports/tr15/
 */
export class UnicodeFormNormalizer implements Normalizer {
  readonly #form: UnicodeForm;

  constructor(form: UnicodeForm) {
    this.#form = form;
  }

  normalize(text: AlignedText): AlignedText {
    const form = this.#form;
    // A part of a normalized text is normalized too, so there is nothing to do in any version.
    if (toForm(text.text, form) === text.text) return text;
    if (text.alignment === undefined) {
      return text.rewrite(
        text.text.replace(COMPOSING, (stretch) => toForm(stretch, form)),
        [],
      );
    }
    const rewriter = new TextRewriter(text);
    for (const { 0: stretch, index } of text.text.matchAll(COMPOSING)) {
      const normalized = toForm(stretch, form);
      if (normalized === stretch) continue;
      rewriter.copyTo(index);
      putForm(rewriter, { stretch, normalized, origin: index }, form);
      rewriter.skipTo(index + stretch.length);
    }
    return rewriter.finish();
  }
}

function makePattern(): RegExp {
  let ranges = "";
  forEachRun(COMPOSING_RUNS, (first, last) => {
    ranges += `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`;
  });
  return new RegExp(`[${ranges}]+`, "gu");
}
