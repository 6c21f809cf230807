import { ConfigError } from "orrery-lm/base";

/** @throws {ConfigError} if the size has no room for what a vocabulary starts with. */
export function checkRoom(
  vocabSize: number | undefined,
  { special, alphabet }: { readonly special: number; readonly alphabet: number },
  kind: string = "bytes",
): void {
  const least = special + alphabet;
  if (vocabSize === undefined || (Number.isInteger(vocabSize) && vocabSize >= least)) return;
  throw new ConfigError(
    `trainTokenizer: vocabSize must be at least ${least} ` +
      `(${alphabet} ${kind} and ${special} special tokens), got ${vocabSize}`,
  );
}
