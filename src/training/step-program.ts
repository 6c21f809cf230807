/** Train steps as programs: one graph for forward, backward, clipping and AdamW. */

import { languageModelProgram } from "orrery-lm/models";
import type { Network } from "orrery-lm/nn";
import {
  add,
  gradients,
  input,
  multiply,
  scalar,
  topologicalOrder,
  type Value,
} from "orrery-lm/tensor";
import { adamW, clipByGlobalNorm } from "./adamw.ts";
import type { TrainingOptions } from "./options.ts";

/** Prefixes under which a step's program takes and gives what belongs to each parameter. */
export const statePrefixes = {
  mean: "mean.",
  square: "square.",
  gradient: "gradient.",
  next: "next.",
} as const;

interface Trained {
  name: string;
  value: Value;
  decays: boolean;
}

interface LossProgram {
  loss: Value;
  trained: Trained[];
  gradients: Value[];
}

function lossProgram(
  network: Network,
  { batchSize, sequenceLength }: TrainingOptions,
): LossProgram {
  const program = languageModelProgram(network, {
    batch: batchSize,
    tokens: sequenceLength,
    hasMask: false,
    hasPositions: false,
    hasLabels: true,
    logits: "none",
  });
  const loss = program.loss!;
  const specs = network.parameters();
  const trained = topologicalOrder([loss])
    .filter((value) => value.operation.name === "parameter")
    .map((value) => {
      const { name } = value.attributes as { name: string };
      return { name, value, decays: specs[name]!.decay };
    });
  return {
    loss,
    trained,
    gradients: gradients(
      loss,
      trained.map(({ value }) => value),
    ),
  };
}

/** Clips the gradients and moves the parameters. Outputs: `gradientNorm`, `next.*`, `next.mean.*`, … */
function updateOutputs(
  trained: readonly Trained[],
  gradientsOf: readonly Value[],
  options: TrainingOptions,
): Record<string, Value> {
  const scalars = {
    learningRate: input("learningRate", []),
    correction1: input("correction1", []),
    correction2: input("correction2", []),
  };
  const { norm, factor } = clipByGlobalNorm(gradientsOf, options.clipNorm);
  const { mean, square, next } = statePrefixes;
  const outputs: Record<string, Value> = { gradientNorm: norm };
  trained.forEach(({ name, value, decays }, i) => {
    const state = {
      parameter: value,
      mean: input(mean + name, value.shape),
      square: input(square + name, value.shape),
    };
    const gradient = multiply(gradientsOf[i]!, factor);
    const after = adamW(state, gradient, decays, { ...options, ...scalars });
    outputs[next + name] = after.parameter;
    outputs[next + mean + name] = after.mean;
    outputs[next + square + name] = after.square;
  });
  return outputs;
}

/** The whole step. Inputs: `inputIds`, `labels`, the three scalars, parameters and their state. */
export function wholeStep(network: Network, options: TrainingOptions): Record<string, Value> {
  const program = lossProgram(network, options);
  return { loss: program.loss, ...updateOutputs(program.trained, program.gradients, options) };
}

/** One forward and backward pass; adds its part of the gradients to `gradient.*`. */
export function accumulateStep(network: Network, options: TrainingOptions): Record<string, Value> {
  const { loss, trained, gradients: parts } = lossProgram(network, options);
  const share = scalar(1 / options.accumulationSteps);
  const { gradient, next } = statePrefixes;
  const sums = trained.map(({ name, value }, i) => [
    next + gradient + name,
    add(input(gradient + name, value.shape), multiply(parts[i]!, share)),
  ]);
  return { loss, ...(Object.fromEntries(sums) as Record<string, Value>) };
}

/** Moves the parameters by the gradients that were accumulated. */
export function updateStep(network: Network, options: TrainingOptions): Record<string, Value> {
  const { trained } = lossProgram(network, options);
  const sums = trained.map(({ name, value }) => input(statePrefixes.gradient + name, value.shape));
  return updateOutputs(trained, sums, options);
}
