/** What a network's parts do to signals and gradients before anything is learned. */

import type { Network } from "orrery-lm/nn";
import { floatData, floats, type Runtime, type Session, type TensorData } from "orrery-lm/runtime";
import {
  captureValues,
  compile,
  gradients,
  meanOfRow,
  multiply,
  reshape,
  sizeOf,
  sqrt,
  topologicalOrder,
  type Value,
} from "orrery-lm/tensor";
import { toTensor } from "./id-rows.ts";
import { initialize } from "./initialize.ts";
import { languageModelProgram } from "./program.ts";

/** What is measured on: a batch, its labels, and the seed of the first weights. */
export interface SignalOptions {
  runtime: Runtime;
  seed: number;
  /** [B, T] */
  inputIds: readonly (readonly number[])[];
  /** What the network should say at each token, [B, T]. */
  labels: readonly (readonly number[])[];
}

/** Sizes by layer, the first layer first. */
export interface LayerSignals {
  /** Root mean square of the residual stream behind a layer. */
  streamRms: number[];
  /** The share of the mean of a token's channels in it: what LayerNorm takes away and RMSNorm keeps. */
  meanShares: number[];
  /** Length of the loss's gradient by the last matrix of a layer's feed-forward network. */
  gradientNorms: number[];
}

/**
 * Measures the stream and the gradients of a decoder or an encoder at its first weights. With
 * pre-norm the stream grows with depth and gradients shrink as 1/√N; with post-norm the stream
 * stays and the last layer's gradient does not know the depth.
 *
 * @see Xiong et al. 2020, Theorem 1, https://arxiv.org/abs/2002.04745
 */
export async function layerSignals(
  network: Network,
  options: SignalOptions,
): Promise<LayerSignals> {
  const { outputs, captured } = captureValues(programOf(network, options), ["layers.*.output"]);
  const layers = Object.keys(captured).length;
  const streams = Array.from({ length: layers }, (_, i) => captured[`layers.${i}.output`]!);
  const found = parametersIn(outputs.loss);
  const matrices = streams.map((_, i) => found.get(`layers.${i}.ffn.down.weight`)!);
  const slopes = gradients(outputs.loss, matrices);
  const byLayer = (kind: string, values: readonly Value[]): [string, Value][] =>
    values.map((value, i) => [`${kind}.${i}`, value]);
  const session = await open(
    Object.fromEntries([
      ...byLayer("stream", streams.map(rootMeanSquare)),
      ...byLayer("mean", streams.map(meanOfRow).map(rootMeanSquare)),
      ...byLayer("gradient", slopes.map(rootMeanSquare)),
    ]),
    options,
  );
  const measured = await session.run(feedsOf(network, options));
  await session.release();
  const of = (kind: string, i: number): number => floatData(measured[`${kind}.${i}`])[0]!;
  return {
    streamRms: streams.map((_, i) => of("stream", i)),
    meanShares: streams.map((_, i) => of("mean", i) / of("stream", i)),
    gradientNorms: slopes.map(
      (slope, i) => of("gradient", i) * Math.sqrt(sizeOf(slope.shape) as number),
    ),
  };
}

/** Options of {@link firstUpdate}. */
export interface FirstUpdateOptions extends SignalOptions {
  /** @default 1e-3 */
  learningRate?: number;
  /** Down the gradient, or as Adam's first step, which has the rate's size wherever there is a slope. @default "gradient" */
  step?: "gradient" | "adam";
}

/**
 * How far a first step moves the logits, by root mean square and divided by the rate; it moves
 * values, attention outputs and feed-forward networks. This is what DeepNorm bounds whatever the
 * depth, but for steps down the gradient only: with Adam's it grows with depth, too.
 *
 * @see Wang et al. 2022, §3, https://arxiv.org/abs/2203.00555
 */
export async function firstUpdate(
  network: Network,
  { learningRate = 1e-3, step = "gradient", ...options }: FirstUpdateOptions,
): Promise<number> {
  const { loss, logits } = programOf(network, options);
  const moved = [...parametersIn(loss)].filter(([name]) =>
    /layers\..*\.(value|output|gate|up|down)\.weight$/.test(name),
  );
  const slopes = gradients(
    loss,
    moved.map(([, value]) => value),
  );
  const session = await open(
    { logits, ...Object.fromEntries(moved.map(([name], i) => [`d.${name}`, slopes[i]!])) },
    options,
  );
  const feeds = feedsOf(network, options);
  const before = await session.run(feeds);
  for (const [name] of moved) {
    const [p, d] = [floatData(feeds[name]), floatData(before[`d.${name}`])];
    const size = (slope: number): number =>
      step === "gradient" ? slope : slope / (Math.abs(slope) + ADAM_EPS);
    const next = p.map((x, i) => x - learningRate * size(d[i]!));
    feeds[name] = floats(next, feeds[name]!.shape);
  }
  const after = await session.run(feeds);
  await session.release();
  const old = floatData(before["logits"]);
  const square = floatData(after["logits"]).reduce((sum, x, i) => sum + (x - old[i]!) ** 2, 0);
  return Math.sqrt(square / old.length) / learningRate;
}

const ADAM_EPS = 1e-8;

function programOf(network: Network, { inputIds }: SignalOptions): { loss: Value; logits: Value } {
  const program = languageModelProgram(network, {
    batch: inputIds.length,
    tokens: inputIds[0]!.length,
    hasMask: false,
    hasPositions: false,
    hasLabels: true,
    logits: "all",
  });
  return { loss: program.loss!, logits: program.logits! };
}

function parametersIn(loss: Value): Map<string, Value> {
  return new Map(
    topologicalOrder([loss])
      .filter((value) => value.operation.name === "parameter")
      .map((value) => [(value.attributes as { name: string }).name, value]),
  );
}

/** [] */
function rootMeanSquare(x: Value): Value {
  return sqrt(reshape(meanOfRow(reshape(multiply(x, x), [1, sizeOf(x.shape)])), []));
}

function open(
  outputs: Readonly<Record<string, Value>>,
  { runtime }: SignalOptions,
): Promise<Session> {
  return runtime.open(compile(outputs, { parameters: "inputs" }));
}

function feedsOf(
  network: Network,
  { seed, inputIds, labels }: SignalOptions,
): Record<string, TensorData> {
  const specs = network.parameters();
  const parameters = [...initialize(specs, seed)].map(([name, data]) => [
    name,
    floats(data, specs[name]!.shape),
  ]);
  return {
    ...(Object.fromEntries(parameters) as Record<string, TensorData>),
    inputIds: toTensor("inputIds", inputIds),
    labels: toTensor("labels", labels),
  };
}
