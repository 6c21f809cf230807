/** `--tokenizer`, which several commands take. */

import { Tokenizer } from "orrery-lm/tokenizers";
import { UsageError } from "./command.ts";

/** The option's description. */
export const tokenizerOption = {
  tokenizer: { type: "string", value: "PATH", help: "tokenizer.json, or a folder that has one" },
} as const;

/**
 * The tokenizer that was named.
 *
 * @throws {UsageError} if none was.
 */
export async function tokenizerOf(path: string | undefined): Promise<Tokenizer> {
  if (path === undefined) throw new UsageError("--tokenizer PATH is missing");
  return Tokenizer.load(path);
}
