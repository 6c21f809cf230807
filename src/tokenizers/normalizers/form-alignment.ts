import type { TextRewriter } from "../text-rewriter.ts";
import type { UnicodeForm } from "../unicode/to-form.ts";

/** A stretch of text, what a normalization form makes of it, and where it starts, in UTF-16 units. */
export interface NormalizedStretch {
  readonly stretch: string;
  readonly normalized: string;
  readonly origin: number;
}

/**
 * Writes a normalization form of a stretch, aligned as Hugging Face `tokenizers` does. It counts
 * characters only: one that is put in shares the place of the one before, one that joins another takes
 * its place away, and all others take the next place, even where marks have been sorted.
 */
export function putForm(
  rewriter: TextRewriter,
  { stretch, normalized, origin }: NormalizedStretch,
  form: UnicodeForm,
): void {
  const decomposed = form === "NFC" || form === "NFD" ? "NFD" : "NFKD";
  const parts = new Parts(stretch, decomposed);
  const widths = Array.from(stretch, (character) => character.length);
  let place = 0; // of the next character of the stretch
  let unit = origin; // where it starts
  for (const character of normalized) {
    let consumed = 0;
    for (const part of form === decomposed ? character : character.normalize(decomposed)) {
      if (parts.takeIsFirst(part)) consumed++;
    }
    rewriter.put(character, consumed === 0 ? unit - 1 : unit);
    while (consumed-- > 0) unit += widths[place++]!;
  }
}

/** The parts into which the characters of a stretch fall, before marks are sorted. */
class Parts {
  /** For each part, in order, whether it is the first of its character. */
  readonly #queues = new Map<string, { readonly isFirst: boolean[]; next: number }>();

  constructor(stretch: string, form: "NFD" | "NFKD") {
    for (const whole of stretch) {
      let isFirst = true;
      for (const part of whole.normalize(form)) {
        const queue = this.#queues.get(part);
        if (queue === undefined) this.#queues.set(part, { isFirst: [isFirst], next: 0 });
        else queue.isFirst.push(isFirst);
        isFirst = false;
      }
    }
  }

  /** Takes the next of equal parts, whose order sorting and joining keep. */
  takeIsFirst(part: string): boolean {
    const queue = this.#queues.get(part)!;
    return queue.isFirst[queue.next++]!;
  }
}
