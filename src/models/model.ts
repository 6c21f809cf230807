/** A model with numbers: reads ids, gives logits and losses, writes text, saves itself. */

import { ConfigError } from "orrery-lm/base";
import { writeFilesAtomic } from "#files";
import { ConfigReader } from "orrery-lm/formats";
import { floatData, type Runtime, type Session, type TensorData } from "orrery-lm/runtime";
import { captureValues, compile, type Value } from "orrery-lm/tensor";
import type { Architecture } from "./assembly/architecture.ts";
import { createArchitecture } from "./assembly/create-architecture.ts";
import { beamSearch, type BeamSearchOptions, type FoundText } from "./generation/beam-search.ts";
import {
  generateRows,
  generateTokens,
  type GenerateBatchOptions,
  type GenerateOptions,
  type GeneratedToken,
} from "./generation/generate.ts";
import { openDecoding } from "./generation/open-decoding.ts";
import { TextReader, type DecodingSessions } from "./generation/text-reader.ts";
import { checkIds, feedsOf, type ForwardOptions, type TokenLossesOptions } from "./feeds.ts";
import { toTensor } from "./id-rows.ts";
import type { Checkpoint, SaveOptions } from "./storage/checkpoint.ts";
import { modelChunks, modelFiles } from "./storage/model-files.ts";
import { languageModelProgram } from "./program.ts";

/** What {@link Model.forward} gives. */
export interface ForwardResult {
  /** [B, T, V], or [B, 1, V] for `last`. */
  logits?: { data: Float32Array; shape: readonly number[] };
  /** Nats per label; 0 where no label counts. */
  loss?: number;
  captured?: Record<string, { data: TensorData["data"]; shape: readonly number[] }>;
}

/** What a {@link Model} is made from. */
export interface ModelOptions {
  config: Readonly<Record<string, unknown>>;
  parameters: ReadonlyMap<string, Float32Array>;
  runtime: Runtime;
  /** Where the checkpoint's tensors lay, and in which types. @default one file of float32 */
  layout?: Checkpoint["layout"];
  /** Tensors of the checkpoint that the network does not need; they are saved as they are. @default none */
  unused?: Checkpoint["unused"];
  /** Paths in `config` of whole numbers that its file writes with a point. @default [] */
  floats?: readonly string[];
}

/** A model that can be run. */
export class Model {
  readonly config: Readonly<Record<string, unknown>>;
  readonly architecture: Architecture;
  /** By logical name; see `nn`. Do not write to them: compiled programs hold copies. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  /** Values that were not in config.json and were taken from the family's defaults. */
  readonly assumptions: readonly string[];
  /** What config.json says without effect on this family. */
  readonly notes: readonly string[];
  readonly runtime: Runtime;
  readonly #written: Pick<ModelOptions, "layout" | "unused" | "floats">;
  readonly #sessions = new Map<string, Promise<Session>>();
  #decoding: Promise<DecodingSessions> | undefined;

  /** @throws {ConfigError} if the config describes no model that is known. */
  constructor({ config, parameters, runtime, ...written }: ModelOptions) {
    const reader = new ConfigReader(config);
    this.config = config;
    this.architecture = createArchitecture(reader);
    this.assumptions = reader.assumptions;
    this.notes = reader.notes;
    this.parameters = parameters;
    this.runtime = runtime;
    this.#written = written;
  }

  /**
   * Runs the model once.
   *
   * @throws {ShapeError} if the inputs do not fit together.
   * @throws {ConfigError} if an id or a position is outside its table, a pattern to capture matches
   *   nothing, or nothing is asked for.
   */
  async forward(options: ForwardOptions): Promise<ForwardResult> {
    const { logits = "all", capture = [] } = options;
    if (logits === "none" && !options.labels && capture.length === 0) {
      throw new ConfigError("forward: nothing to compute: ask for logits, give labels or capture");
    }
    const { network } = this.architecture;
    const feeds = feedsOf(network, options, this.architecture.decoderStart);
    const session = await this.#session({
      hasMask: "attentionMask" in feeds,
      hasPositions: "positionIds" in feeds,
      hasTokenTypes: "tokenTypeIds" in feeds,
      hasSequences: "sequenceIds" in feeds,
      hasPrefixes: "prefixLengths" in feeds,
      hasDecoderTokens: "decoderInputIds" in feeds,
      hasLabels: "labels" in feeds,
      logits,
      capture,
    });
    return collect(await session.run(feeds));
  }

  /**
   * How surprised the model is by each next token.
   *
   * @param options `inputIds`, and `nextIds`: what comes after each of them; negative: not scored
   * @returns [B, T] nats, 0 where not scored
   */
  async tokenLosses(options: TokenLossesOptions): Promise<Float32Array> {
    const feeds = feedsOf(this.architecture.network, options);
    const { shape } = feeds["inputIds"]!;
    const labels = toTensor("nextIds", options.nextIds, shape);
    checkIds("nextIds", labels.data, this.architecture.network.vocabSize, true);
    const session = await this.#session({
      hasMask: false,
      hasPositions: "positionIds" in feeds,
      hasTokenTypes: false,
      hasDecoderTokens: false,
      hasLabels: true,
      logits: "none",
      capture: ["tokenLosses"],
    });
    const results = await session.run({ ...feeds, labels });
    return floatData(results["captured:tokenLosses"]);
  }

  /** Ids that end a text, as config.json says. */
  get endIds(): readonly number[] {
    const id = this.config["eos_token_id"] as number | readonly number[] | null | undefined;
    return typeof id === "number" ? [id] : (id ?? []);
  }

  /**
   * Continues `ids`, or writes what an encoder–decoder answers to them. Keys and values of what
   * was read are kept; the first call opens a session of its own. A decoder with a limited number
   * of positions goes on past them by reading only its last tokens, each time anew.
   *
   * @returns each new token
   * @throws {ConfigError} if there is nothing to continue, an option is outside its range, the
   *   model is an encoder, or the decoder of an encoder–decoder has no more positions.
   */
  generate(
    ids: ArrayLike<number>,
    options: GenerateOptions & Required<Pick<GenerateOptions, "tokenizer">>,
  ): AsyncGenerator<Required<GeneratedToken>>;
  generate(ids: ArrayLike<number>, options?: GenerateOptions): AsyncGenerator<GeneratedToken>;
  generate(ids: ArrayLike<number>, options: GenerateOptions = {}): AsyncGenerator<GeneratedToken> {
    return generateTokens(this.#reader, ids, options);
  }

  /** Continues several texts side by side; gives the new ids of each. Text 0 is what `generate` writes. */
  async generateBatch(
    prompts: readonly ArrayLike<number>[],
    options: GenerateBatchOptions = {},
  ): Promise<number[][]> {
    const added = prompts.map((): number[] => []);
    for await (const ids of generateRows(this.#reader, prompts, options))
      ids.forEach((id, row) => id !== undefined && added[row]!.push(id));
    return added;
  }

  /** Looks for the likeliest continuations of `ids`, or an encoder–decoder's likeliest answers; the best first. */
  beamSearch(ids: ArrayLike<number>, options: BeamSearchOptions = {}): Promise<FoundText[]> {
    return beamSearch(this.#reader, ids, options);
  }

  /** Tensors of the checkpoint that the model does not need, such as old files' masks. */
  get unused(): readonly string[] {
    return [...(this.#written.unused?.keys() ?? [])];
  }

  /** The files of the model: config.json and model.safetensors, or its shards and their index. */
  files(options: SaveOptions = {}): Record<string, Uint8Array> {
    const { architecture, config, parameters } = this;
    return modelFiles({ architecture, config, parameters, ...this.#written }, options);
  }

  /** Writes the model into a folder, each file whole or not at all. */
  async save(folder: string, options: SaveOptions = {}): Promise<void> {
    const { architecture, config, parameters } = this;
    const written = { architecture, config, parameters, ...this.#written };
    await writeFilesAtomic(folder, modelChunks(written, options));
  }

  /** Frees what the runtime holds. */
  async release(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const session of sessions) await (await session).release();
    const decoding = await this.#decoding;
    this.#decoding = undefined;
    await decoding?.decode.release();
    await decoding?.encode?.release();
  }

  readonly #reader = async (): Promise<TextReader> => {
    const { network, decoderStart = 0 } = this.architecture;
    this.#decoding ??= openDecoding(network, this.parameters, this.runtime);
    return new TextReader({ network, sessions: await this.#decoding, decoderStart });
  };

  async #session(variant: Variant): Promise<Session> {
    const key = JSON.stringify(variant);
    const known = this.#sessions.get(key);
    if (known) return known;
    const opened = this.runtime.open(compileVariant(this, variant));
    this.#sessions.set(key, opened);
    return opened;
  }
}

interface Variant {
  hasMask: boolean;
  hasPositions: boolean;
  hasTokenTypes: boolean;
  hasSequences?: boolean;
  hasPrefixes?: boolean;
  hasDecoderTokens: boolean;
  hasLabels: boolean;
  logits: "all" | "last" | "none";
  capture: readonly string[];
}

function compileVariant(
  model: Model,
  { capture, logits, hasDecoderTokens, ...variant }: Variant,
): ReturnType<typeof compile> {
  // Captured values are found from an output; where none is wanted, one serves and is dropped.
  const isOnlyCaptured = logits === "none" && !variant.hasLabels;
  const program = languageModelProgram(model.architecture.network, {
    batch: "batch",
    tokens: "tokens",
    decoderTokens: hasDecoderTokens ? "decoderTokens" : undefined,
    logits: isOnlyCaptured ? "last" : logits,
    ...variant,
  });
  const found = captureValues({ ...program } as Record<string, Value>, capture);
  const { captured } = found;
  const outputs = isOnlyCaptured ? {} : found.outputs;
  const prefixed = Object.entries(captured).map(([name, value]) => [`captured:${name}`, value]);
  const all = { ...outputs, ...(Object.fromEntries(prefixed) as Record<string, Value>) };
  return compile(all, { parameters: "initializers", data: model.parameters });
}

function collect(results: Readonly<Record<string, TensorData>>): ForwardResult {
  const { logits, loss, ...rest } = results;
  const captured = Object.entries(rest).map(([name, { data, shape }]) => [
    name.slice("captured:".length),
    { data, shape },
  ]);
  return {
    ...(logits && { logits: { data: floatData(logits), shape: logits.shape } }),
    ...(loss && { loss: floatData(loss)[0]! }),
    ...(captured.length > 0 && {
      captured: Object.fromEntries(captured) as NonNullable<ForwardResult["captured"]>,
    }),
  };
}
