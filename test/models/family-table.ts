/** What is known of each family: a row for each checkpoint that has numbers of the reference. */

import { loadModel, languageModelProgram, type Model } from "orrery-lm/models";
import type { PartDescription } from "orrery-lm/nn";
import { integers, type Runtime, type TensorData } from "orrery-lm/runtime";
import { captureValues, interpret } from "orrery-lm/tensor";
import { gradientRows, parameterFeeds } from "./reference-gradients.ts";
import {
  errorOfLogits,
  evaluateWith,
  type Ids,
  type Reference,
  type ReferenceInputs,
} from "./reference.ts";

/** A checkpoint, and how far it is from what it should give. */
export interface FamilyRow {
  readonly family: string;
  readonly checkpoint: string;
  readonly parts: string;
  /** The largest absolute difference of logits. */
  readonly logits: number;
  /** The largest of ‖Δ‖ / (‖g‖ + a thousandth of the largest gradient) of the parameters. */
  readonly gradients: number | undefined;
  /** What a layer gives here beside float64: the largest difference, where its largest number is 1. */
  readonly layers: number;
}

/** The columns of the table. */
export const familyColumns = [
  "family",
  "checkpoint",
  "parts",
  "logits",
  "gradients",
  "layers",
] as const;

/** Loads a checkpoint and measures it. */
export async function familyRow(
  checkpoint: string,
  expected: Reference,
  runtime: Runtime,
): Promise<FamilyRow> {
  const model = await loadModel(expected.folder, { runtime });
  const row = {
    family: String(model.config["model_type"]),
    checkpoint,
    parts: partsOf(model),
    logits: await errorOfLogits(model, expected),
    gradients: expected.hasGradients
      ? largestGradient(await gradientRows(model, expected, evaluateWith(runtime)))
      : undefined,
    layers: await errorOfLayers(model, expected),
  };
  await model.release();
  return row;
}

/** A row as text, in the order of the columns. */
export function familyCells(row: FamilyRow): string[] {
  const error = (value: number | undefined): string => value?.toExponential(0) ?? "–";
  const { family, checkpoint, parts, logits, gradients, layers } = row;
  return [family, checkpoint, parts, error(logits), error(gradients), error(layers)];
}

function largestGradient(rows: readonly { difference: number; size: number }[]): number {
  const largest = Math.max(...rows.map(({ size }) => size));
  return Math.max(...rows.map(({ difference, size }) => difference / (size + largest / 1000)));
}

/**
 * What each layer gives, beside the same program in float64. The reference's own hidden states are
 * not among its numbers; where logits are right and a layer is not, precision is lost in it.
 */
async function errorOfLayers(model: Model, expected: Reference): Promise<number> {
  const inputs = await expected.inputs();
  const patterns =
    inputs.decoderInputIds === undefined
      ? ["layers.*.output"]
      : ["encoder.layers.*.output", "decoder.layers.*.output"];
  const { captured } = await model.forward({ ...inputs, logits: "none", capture: patterns });
  const [batch, tokens] = inputs.inputIds.shape as [number, number];
  const program = languageModelProgram(model.architecture.network, {
    batch,
    tokens,
    decoderTokens: inputs.decoderInputIds?.shape[1],
    hasMask: inputs.attentionMask !== undefined,
    hasPositions: false,
    hasLabels: false,
    logits: "last",
  });
  const exact = interpret(captureValues({ logits: program.logits! }, patterns).captured, {
    ...parameterFeeds(model),
    ...feedsOf(inputs),
  });
  let worst = 0;
  for (const [name, { data }] of Object.entries(captured!)) {
    const want = exact[name]!.data;
    const largest = want.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (let i = 0; i < want.length; i++)
      worst = Math.max(worst, Math.abs(Number(data[i]) - want[i]!) / largest);
  }
  return worst;
}

function feedsOf(inputs: ReferenceInputs): Record<string, TensorData> {
  return Object.fromEntries(
    (Object.entries(inputs) as [string, Ids][]).map(
      ([name, { data, shape }]): [string, TensorData] => [
        name,
        name === "attentionMask"
          ? { dtype: "bool", data: Uint8Array.from(data), shape }
          : integers(data, shape),
      ],
    ),
  );
}

/** Parts that every model has say nothing. */
const common = new Set(["decoder", "encoder", "encoder-decoder", "stack", "block"]);

function partsOf({ architecture: { network } }: Model): string {
  const names = new Set<string>();
  const visit = ({ name, options, parts }: PartDescription): void => {
    const { activation } = options;
    const shown = activation === undefined ? name : `${name} (${String(activation)})`;
    if (!common.has(name) && name !== "language head") names.add(shown);
    Object.values(parts).forEach(visit);
  };
  const description = network.describe?.();
  if (description) visit(description);
  return [...names].join(", ");
}
