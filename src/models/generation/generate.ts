/** Continuing texts, token by token. */

import { ConfigError, random } from "orrery-lm/base";
import { checkChoiceOptions, chooseToken, type ChoiceOptions } from "./choose-token.ts";
import { StoppableText, type DecodedStream } from "./stoppable-text.ts";
import type { TextReader } from "./text-reader.ts";

/** Options of `Model.generateBatch`. */
export interface GenerateBatchOptions extends ChoiceOptions {
  /** Tokens to add at most. @default 100 */
  maxNewTokens?: number | undefined;
  /** The same seed gives the same tokens. @default 0 */
  seed?: number | undefined;
  /** Ids that end a text; they are given too. `Model.endIds` has those of config.json. @default [] */
  stopIds?: readonly number[] | undefined;
}

/** Options of `Model.generate`. */
export interface GenerateOptions extends GenerateBatchOptions {
  /** Turns ids to text, as a `Tokenizer` does; without it tokens have none. */
  tokenizer?: { decodeStream(): DecodedStream };
  /** Texts that end the text and are no part of it; they need a tokenizer. @default [] */
  stop?: readonly string[] | undefined;
}

/** A token that was added. */
export interface GeneratedToken {
  id: number;
  /**
   * What the token adds to the text; a character that is not complete and what may begin a stop
   * text come with a later token. A stop id adds nothing. Undefined without a tokenizer.
   */
  text?: string;
}

/**
 * Yields one token after another.
 *
 * @yields each new token
 * @throws {ConfigError} if there is nothing to continue, or an option is outside its range.
 */
export async function* generateTokens(
  open: () => Promise<TextReader>,
  start: ArrayLike<number>,
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken> {
  const { tokenizer, stop = [], stopIds = [], maxNewTokens = 100 } = options;
  if (stop.includes("")) throw new ConfigError("generate: stop: expected texts, got an empty one");
  if (stop.length > 0 && !tokenizer)
    throw new ConfigError("generate: stop: texts are found with a tokenizer; give one, or stopIds");
  const text = tokenizer && new StoppableText(tokenizer.decodeStream(), stop);
  let count = 0;
  for await (const [id] of generateRows(open, [start], options)) {
    count += 1;
    if (!text) {
      yield { id: id! };
      continue;
    }
    const isStop = stopIds.includes(id!);
    const added = isStop ? "" : text.push(id!);
    const isLast = isStop || count === maxNewTokens;
    yield { id: id!, text: isLast ? added + text.end() : added };
    if (text.isStopped) return;
  }
}

/**
 * Continues texts side by side.
 *
 * @yields the new token of each text, undefined for one that has ended
 * @throws {ConfigError} if a text is empty, or an option is outside its range.
 */
export async function* generateRows(
  open: () => Promise<TextReader>,
  prompts: readonly ArrayLike<number>[],
  options: GenerateBatchOptions,
): AsyncGenerator<(number | undefined)[]> {
  const { maxNewTokens = 100, seed = 0, stopIds = [] } = options;
  checkChoiceOptions(options);
  checkMaxNewTokens(maxNewTokens);
  if (prompts.length === 0) return;
  const reader = await open();
  let logits = await reader.start(prompts);
  const vocab = logits.length / prompts.length;
  const rows = prompts.map((_, row) => ({
    stream: random(seed, "generate", row),
    seen: new Set(reader.textOf(row)),
    hasEnded: false,
  }));
  for (let i = 0; i < maxNewTokens; i++) {
    const ids = rows.map(({ stream, seen, hasEnded }, row) => {
      if (hasEnded) return undefined;
      return chooseToken(logits.subarray(row * vocab, (row + 1) * vocab), seen, options, stream);
    });
    yield ids;
    for (const [r, row] of rows.entries()) {
      const id = ids[r];
      if (id === undefined) continue;
      row.seen.add(id);
      row.hasEnded = stopIds.includes(id);
    }
    if (i + 1 === maxNewTokens || rows.every(({ hasEnded }) => hasEnded)) return;
    // What is read behind the end of a text is of no use to anybody.
    // oxlint-disable-next-line no-await-in-loop
    logits = await reader.next(ids.map((id) => id ?? 0));
  }
}

/** @throws {ConfigError} if it is not a whole number. */
export function checkMaxNewTokens(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new ConfigError(`generate: maxNewTokens: expected a whole number, 0 or more, got ${count}`);
}
