import { pairedDifference, type Summary } from "../statistics.ts";
import type { ArmCurve, ExtrapolationRecord, ExtrapolationSummary } from "./summary.ts";
import { formatMultiple, formatPlain } from "./format.ts";

/**
 * The answer in sentences, from the numbers alone: which arm rises least and most, what lies between,
 * what has nothing to read, and whether the seeds can tell the first two apart.
 *
 * Rises are those of non-overlapping windows.
 */
export function extrapolationConclusion(
  summary: ExtrapolationSummary,
  records: readonly ExtrapolationRecord[],
): string {
  const curves = summary.arms.flatMap((arm) => arm.curves);
  const ranked = curves
    .flatMap((curve) => {
      const rise = curve.rise.lossNonOverlapping;
      return rise && !curve.isRepeated ? [{ curve, rise }] : [];
    })
    .toSorted((a, b) => a.rise.mean - b.rise.mean);
  const [least, ...others] = ranked;
  const length =
    `At ${formatMultiple(summary.longest.multiple)} times the training length ` +
    `(${summary.longest.length} instead of ${summary.trainLength} tokens)`;
  if (!least) return `${length} no arm has anything to read.`;
  const sentences = [
    `${length}, ${least.curve.name} survives best: its loss ${movement(least.rise)}, ` +
      `from ${endpoints(least.curve)} nats per token.`,
  ];
  const most = others.at(-1);
  if (most) {
    const between = others.slice(0, -1).map(({ curve, rise }) => `${curve.name} ${movement(rise)}`);
    const list = between.length === 0 ? "" : `${between.join(", ")}, and `;
    sentences.push(
      capitalized(`${list}${most.curve.name} ${movement(most.rise)}, the most of all.`),
    );
  }
  const tie = others[0] && tieSentence([least.curve, others[0].curve], records);
  if (tie) sentences.push(tie);
  for (const arm of summary.arms) {
    const [own, repeated] = arm.curves;
    if (own!.rise.lossNonOverlapping) continue;
    sentences.push(emptySentence(own!, repeated));
  }
  return sentences.join(" ");
}

function movement({ mean }: Summary): string {
  // What rounds to zero neither rises nor falls.
  if (Math.abs(mean) < 0.005) return "stays within 0.005";
  return `${mean > 0 ? "rises" : "falls"} by ${formatPlain(Math.abs(mean))}`;
}

function endpoints({ lengths }: ArmCurve): string {
  const [start, end] = [lengths[0]!, lengths.at(-1)!].map(
    (point) => point.lossNonOverlapping!.mean,
  );
  return `${formatPlain(start!)} to ${formatPlain(end!)}`;
}

function emptySentence(own: ArmCurve, repeated: ArmCurve | undefined): string {
  const last = own.lengths.findLast((point) => point.lossNonOverlapping !== null);
  const name = capitalized(own.name);
  if (!last) return `${name} gave no loss at any length.`;
  const rise = repeated?.rise.lossNonOverlapping;
  const otherwise = rise ? `; with its last row repeated it ${movement(rise)}` : "";
  return `${name} has nothing past its table of ${last.length} positions${otherwise}.`;
}

/** Says so where the seeds cannot tell two arms apart. */
function tieSentence(
  curves: readonly [ArmCurve, ArmCurve],
  records: readonly ExtrapolationRecord[],
): string | undefined {
  const [a, b] = curves.map(({ slot }) => risesOf(records, slot));
  if (a!.length < 2) {
    return "With one seed there is no measure of chance; small differences mean little.";
  }
  const { low, high } = pairedDifference(b!, a!);
  if (low! > 0) return undefined;
  return (
    `Over ${a!.length} seeds, ${curves[0].name} and ${curves[1].name} cannot be told apart ` +
    `(95\u00a0% interval of the difference: ${formatPlain(low!)} to ${formatPlain(high!)}).`
  );
}

function risesOf(records: readonly ExtrapolationRecord[], slot: number): number[] {
  const arm = [...new Set(records.map((record) => record.arm))][slot];
  return records
    .filter((record) => record.arm === arm)
    .map(({ outcome: { lengths } }) => {
      return lengths.at(-1)!.lossNonOverlapping! - lengths[0]!.lossNonOverlapping!;
    });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
