import { FormatError } from "orrery-lm/base";
import {
  type DecoderJson,
  type NormalizerJson,
  type PatternJson,
  TOKENIZER_JSON,
} from "orrery-lm/formats";

// Published files stay below 100.
const MAX_FACTOR = 256;
const MAX_PREPENDED = 65_536;

/**
 * Refuses a row of replacements that could make a text hundreds of times as long: 40 times "a" → "aa"
 * make a terabyte of one letter. Each step can make a text `f` times as long, the row the product of
 * all `f`; what `Prepend` puts in front counts by its length.
 * @throws {FormatError} if it is beyond all published files.
 */
export async function checkGrowth(
  what: string,
  json: NormalizerJson | DecoderJson | null,
): Promise<void> {
  const steps = json === null ? [] : flatten(json);
  const factors = await Promise.all(steps.map((step) => factorOf(step, what)));
  const factor = factors.reduce((product, one) => product * one, 1);
  const prepended = steps.reduce(
    (sum, step) => sum + (step.type === "Prepend" ? step.prepend.length : 0),
    0,
  );
  if (factor <= MAX_FACTOR && prepended <= MAX_PREPENDED) return;
  throw new FormatError(
    TOKENIZER_JSON,
    factor > MAX_FACTOR
      ? `${what}: its replacements can make a text ${factor.toPrecision(2)} times as long, expected at most ${MAX_FACTOR}`
      : `${what}: it prepends ${prepended} characters, expected at most ${MAX_PREPENDED}`,
  );
}

type Step = Exclude<NormalizerJson | DecoderJson, { readonly type: "Sequence" }>;

function flatten(json: NormalizerJson | DecoderJson): readonly Step[] {
  if (json.type !== "Sequence") return [json];
  return ("normalizers" in json ? json.normalizers : json.decoders).flatMap(flatten);
}

async function factorOf(step: Step, what: string): Promise<number> {
  if (step.type === "ByteLevel") return 3; // bytes of a UTF-16 unit
  if (step.type === "Precompiled") return longestReplacement(step.precompiledCharsmap);
  if (step.type !== "Replace") return 1;
  const { pattern, content } = step;
  const width = await widthOf(pattern, `${what} Replace`);
  // The empty text is found before every character, and stays beside it.
  return width === 0 ? 1 + content.length : Math.max(1, content.length / width);
}

/** The bytes between two zeros behind the trie, the size of which is at the start. */
function longestReplacement(charsmap: Uint8Array): number {
  const start =
    charsmap.length < 4 ? 0 : new DataView(charsmap.buffer, charsmap.byteOffset).getUint32(0, true);
  let longest = 1;
  let begin = start + 4;
  for (let i = begin; i < charsmap.length; i++) {
    if (charsmap[i] !== 0) continue;
    longest = Math.max(longest, i - begin);
    begin = i + 1;
  }
  return longest;
}

/** How many UTF-16 units a match has at least. */
async function widthOf(pattern: PatternJson, origin: string): Promise<number> {
  if ("string" in pattern) return pattern.string.length;
  const { leastWidthOf } = await import("./patterns/least-width.ts");
  return leastWidthOf({ text: pattern.regex, dialect: "oniguruma", origin });
}
