/** Gradients beside the reference's. */

import {
  languageModelProgram,
  storedShape,
  unpackStored,
  type Model,
  type StorageEntry,
} from "orrery-lm/models";
import { floats, integers, type TensorData } from "orrery-lm/runtime";
import { gradients, topologicalOrder } from "orrery-lm/tensor";
import { expect } from "vitest";
import {
  nextIds,
  type Evaluate,
  type Ids,
  type Numbers,
  type Reference,
  type ReferenceInputs,
} from "./reference.ts";

/** A parameter's gradient beside the reference's. */
export interface GradientRow {
  readonly name: string;
  /** Of the gradients' difference, and of the reference's gradient: Euclidean norms. */
  readonly difference: number;
  readonly size: number;
}

/** The parameters whose gradients, of the loss of `input_ids`, are not the reference's. */
export async function wrongGradients(
  model: Model,
  expected: Reference,
  evaluate: Evaluate,
): Promise<GradientRow[]> {
  const rows = await gradientRows(model, expected, evaluate);
  const largest = Math.max(...rows.map(({ size }) => size));
  return rows.filter(({ difference, size }) => !(difference <= 1e-4 * size + 1e-7 * largest));
}

/** The gradients of all parameters, of the loss of `input_ids`, beside the reference's. */
export async function gradientRows(
  model: Model,
  expected: Reference,
  evaluate: Evaluate,
): Promise<GradientRow[]> {
  const { network, storage } = model.architecture;
  const specs = network.parameters();
  const found = await gradientsOf(model, await expected.inputs(), evaluate);
  const rows: GradientRow[] = [];
  const compared = inMemory(storage);
  for (const entry of compared) {
    // oxlint-disable-next-line no-await-in-loop
    const data = await expected.floats(`grad.${entry.tensor.replace(/^embed_out/, "lm_head")}`);
    const stored = { data, shape: storedShape(entry, specs) };
    for (const [name, want] of unpackStored(entry, stored, specs)) {
      const got = found[`gradient.${name}`]!.data;
      const difference = norm(want.map((value, i) => value - got[i]!));
      rows.push({ name, difference, size: norm(want) });
    }
  }
  expect(rows.map(({ name }) => name)).toEqual(compared.flatMap(({ parameters }) => parameters));
  return rows;
}

/**
 * The tensors as the reference holds them in memory: experts, one by one in files, lie in one
 * tensor of gates and values and in one of outputs. What it does not learn is left out.
 */
function inMemory(storage: readonly StorageEntry[]): StorageEntry[] {
  const merged = new Map<string, string[]>();
  const others: StorageEntry[] = [];
  for (const entry of storage.filter(
    ({ tensor }) => !/(correction_bias|final_logits_bias)$/.test(tensor),
  )) {
    const tensor = entry.tensor
      .replace(/block_sparse_moe\.(gate|experts)/, "mlp.$1")
      .replace("router.layer", "router")
      .replace("input_linear.weight", "experts.gate_up_proj")
      .replace("output_linear.weight", "experts.down_proj")
      .replace(/experts\.\d+\.(w1|w3|gate_proj|up_proj)\.weight$/, "experts.gate_up_proj")
      .replace(/experts\.\d+\.(w2|down_proj)\.weight$/, "experts.down_proj");
    if (tensor.endsWith("weight") || entry.groups !== undefined) others.push({ ...entry, tensor });
    else if (!/experts\.(gate_up|down)_proj$/.test(tensor)) others.push(entry);
    else merged.set(tensor, [...(merged.get(tensor) ?? []), ...entry.parameters]);
  }
  const expertOf = (name: string): number => Number(/experts\.(\d+)/.exec(name)![1]);
  const experts = [...merged].map(([tensor, names]) => {
    const parameters = names.toSorted(
      (a, b) => expertOf(a) - expertOf(b) || (a < b ? -1 : 1), // gate before up
    );
    return { tensor, parameters, groups: new Set(names.map(expertOf)).size };
  });
  return [...others, ...experts];
}

/** Parameters as inputs of a program. */
export function parameterFeeds({ architecture, parameters }: Model): Record<string, TensorData> {
  const specs = architecture.network.parameters();
  const feeds = [...parameters].map(([name, data]) => [name, floats(data, specs[name]!.shape)]);
  return Object.fromEntries(feeds) as Record<string, TensorData>;
}

async function gradientsOf(
  model: Model,
  { inputIds, attentionMask, decoderInputIds }: ReferenceInputs,
  evaluate: Evaluate,
): Promise<Readonly<Record<string, Numbers>>> {
  const [batch, tokens] = inputIds.shape as [number, number];
  const { network } = model.architecture;
  const { loss } = languageModelProgram(network, {
    batch,
    tokens,
    decoderTokens: decoderInputIds?.shape[1],
    hasMask: attentionMask !== undefined,
    hasPositions: false,
    hasLabels: true,
    logits: "none",
  });
  const parameters = topologicalOrder([loss!]).filter(
    ({ operation }) => operation.name === "parameter",
  );
  const names = parameters.map(({ attributes }) => (attributes as { name: string }).name);
  const results = gradients(loss!, parameters);
  const outputs = Object.fromEntries(names.map((name, i) => [`gradient.${name}`, results[i]!]));
  const labels = nextIds(decoderInputIds ?? inputIds);
  const feed = ({ data, shape }: Ids): TensorData => integers(data, shape);
  return evaluate(outputs, {
    inputIds: feed(inputIds),
    labels: feed(labels),
    ...(decoderInputIds && { decoderInputIds: feed(decoderInputIds) }),
    ...(attentionMask && {
      attentionMask: {
        dtype: "bool",
        data: Uint8Array.from(attentionMask.data),
        shape: attentionMask.shape,
      },
    }),
    ...parameterFeeds(model),
  });
}

function norm(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
