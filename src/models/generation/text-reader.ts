import { ConfigError } from "orrery-lm/base";
import type { Network } from "orrery-lm/nn";
import { floatData, integers, type Session, type TensorData } from "orrery-lm/runtime";
import { checkIds } from "../feeds.ts";
import type { DecodingProgram } from "./decoding-program.ts";
import { KeyValueBuffers, selected } from "./key-value-buffers.ts";

/** Tokens whose attention scores exist at a time. */
const TOKENS_AT_A_TIME = 256;

/** The sessions of a network that writes. */
export interface DecodingSessions extends Pick<DecodingProgram, "layers" | "rotations"> {
  readonly decode: Session;
  /** Reads what an encoder–decoder writes about. */
  readonly encode?: Session | undefined;
}

/** What a {@link TextReader} needs. */
export interface TextReaderOptions {
  network: Network;
  sessions: DecodingSessions;
  /** The token that the decoder of an encoder–decoder starts with. */
  decoderStart: number;
}

/**
 * Texts that grow token by token, side by side, and what a network says comes next. Each token is
 * read once; its keys and values are kept. Two things make it read again: a text that outgrows a
 * table of learned positions, of which only the last tokens are read, and positions that depend on
 * how long the text is. What it says is always what reading the whole text at once would say.
 */
export class TextReader {
  readonly #options: TextReaderOptions;
  /** Texts of equal length, padded on the left. */
  #texts: number[][] = [];
  /** How much padding each text begins with. */
  #padding: number[] = [];
  #kept: KeyValueBuffers;
  /** How the keys that are kept were turned. */
  #rotation = "";
  #memory: Record<string, TensorData> = {};

  constructor(options: TextReaderOptions) {
    this.#options = options;
    this.#kept = new KeyValueBuffers(options.sessions.layers, 0);
  }

  /**
   * Begins with these texts; an encoder–decoder reads them first and then writes others.
   *
   * @returns logits of what comes next, [texts, vocab]
   * @throws {ConfigError} if a text is empty, an id is unknown, or the network is an encoder.
   */
  async start(prompts: readonly ArrayLike<number>[]): Promise<Float32Array> {
    const { network, sessions, decoderStart } = this.#options;
    for (const prompt of prompts) {
      if (prompt.length === 0)
        throw new ConfigError("generate: expected at least one token to continue, got none");
      checkIds("ids", prompt, network.vocabSize);
    }
    if (sessions.encode) await this.#encode(sessions.encode, prompts);
    const texts = sessions.encode ? prompts.map(() => [decoderStart]) : prompts;
    const length = texts.reduce((most, text) => Math.max(most, text.length), 0);
    this.#padding = texts.map((text) => length - text.length);
    this.#texts = texts.map((text, i) => [
      ...Array.from({ length: this.#padding[i]! }, () => 0),
      ...Array.from(text),
    ]);
    this.#kept = new KeyValueBuffers(sessions.layers, texts.length);
    return this.#read();
  }

  /**
   * Adds a token to each text.
   *
   * @returns logits of what comes next, [texts, vocab]
   */
  async next(ids: ArrayLike<number>): Promise<Float32Array> {
    this.#texts.forEach((text, i) => text.push(ids[i]!));
    return this.#read();
  }

  /** The ids of a text, without padding. */
  textOf(row: number): number[] {
    return this.#texts[row]!.slice(this.#padding[row]);
  }

  /** Text i becomes what text `rows[i]` was. */
  select(rows: readonly number[]): void {
    const count = this.#texts.length;
    this.#texts = rows.map((row) => [...this.#texts[row]!]);
    this.#padding = rows.map((row) => this.#padding[row]!);
    this.#kept.select(rows);
    for (const [name, { dtype, data, shape }] of Object.entries(this.#memory)) {
      const part = { dtype, data: selected(data, count, rows), shape: shape.with(0, rows.length) };
      this.#memory[name] = part as TensorData;
    }
  }

  async #encode(session: Session, prompts: readonly ArrayLike<number>[]): Promise<void> {
    const length = prompts.reduce((most, { length: size }) => Math.max(most, size), 0);
    const shape = [prompts.length, length];
    const flat = prompts.flatMap((prompt) =>
      Array.from({ length }, (_, i) => [prompt[i] ?? 0, Number(i < prompt.length), i] as const),
    );
    const attentionMask: TensorData = {
      dtype: "bool",
      data: Uint8Array.from(flat, ([, isReal]) => isReal),
      shape,
    };
    const memory = await session.run({
      inputIds: integers(
        Int32Array.from(flat, ([id]) => id),
        shape,
      ),
      positionIds: integers(
        Int32Array.from(flat, ([, , i]) => i),
        shape,
      ),
      attentionMask,
    });
    this.#memory = { ...memory, attentionMask };
  }

  /** Reads what was not read yet. */
  async #read(): Promise<Float32Array> {
    const { network, sessions } = this.#options;
    const length = this.#texts[0]!.length;
    const longest = length - Math.min(...this.#padding);
    const limit = network.maxPositions ?? Infinity;
    if (longest > limit && sessions.encode)
      throw new ConfigError(
        `generate: the decoder has learned ${limit} positions and can write no more; ask for fewer tokens with maxNewTokens`,
      );
    const skipped = longest > limit ? length - limit : 0;
    const lastPosition = Math.min(longest, limit) - 1;
    const rotation = sessions.rotations.map((rotationAt) => rotationAt(lastPosition + 1)).join();
    if (skipped > 0 || rotation !== this.#rotation) this.#kept.clear();
    this.#rotation = rotation;
    let logits = new Float32Array();
    for (let start = skipped + this.#kept.length; start < length; start += TOKENS_AT_A_TIME) {
      const end = Math.min(length, start + TOKENS_AT_A_TIME);
      // Each piece reads the keys of those before it.
      // oxlint-disable-next-line no-await-in-loop
      logits = await this.#readPiece([start, end], skipped, lastPosition);
    }
    return logits;
  }

  async #readPiece(
    [start, end]: readonly [number, number],
    skipped: number,
    lastPosition: number,
  ): Promise<Float32Array<ArrayBuffer>> {
    const shape = [this.#texts.length, end - start];
    const ids = Int32Array.from(this.#texts.flatMap((text) => text.slice(start, end)));
    const firsts = this.#padding.map((padding) => Math.max(padding, skipped));
    const places = firsts.flatMap((first) =>
      Array.from({ length: end - start }, (_, i) => start + i - first),
    );
    const positions = Int32Array.from(places, (place) => Math.max(0, place));
    const mask = Uint8Array.from(places, (place) => Number(place >= 0));
    const results = await this.#options.sessions.decode.run({
      ...this.#memory,
      ...this.#kept.feeds(lastPosition),
      decodedIds: integers(ids, shape),
      decodedPositions: integers(positions, shape),
      decodedMask: { dtype: "bool", data: mask, shape },
    });
    this.#kept.append(results, positions, mask);
    return floatData(results["logits"]) as Float32Array<ArrayBuffer>;
  }
}
