import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { ConfigError } from "orrery-lm/base";
import type { SaveFormat, Tokenizer } from "orrery-lm/tokenizers";
import { writeFilesAtomic } from "#files";
import { UsageError } from "../usage-error.ts";
import type { Algorithm } from "./algorithm-options.ts";

/** What `--format` takes. */
export const FORMATS = ["tokenizer.json", "sentencepiece", "tiktoken", "vocab"] as const;

/** Which algorithms learn what a format can express. */
const EXPRESSIBLE: Readonly<Record<SaveFormat, readonly Algorithm[]>> = {
  "tokenizer.json": ["bpe", "wordpiece", "unigram", "sentencepiece-bpe"],
  sentencepiece: ["unigram", "sentencepiece-bpe"],
  tiktoken: ["bpe"],
  vocab: ["bpe", "wordpiece"],
};

/** Where a tokenizer is to be written. */
export interface Target {
  readonly out: string;
  readonly format: SaveFormat;
  /** Whether `out` is a folder, in which files have the names that the format gives them. */
  readonly isFolder: boolean;
}

/**
 * Finds out what is to be written where: before the work, not after it.
 *
 * @throws {UsageError} if the format cannot express what the algorithm learns.
 * @throws {ConfigError} if a file is a folder.
 */
export async function targetOf(
  { out, format: given }: { readonly out: string; readonly format: SaveFormat | undefined },
  algorithm: Algorithm,
): Promise<Target> {
  const format = given ?? formatOf(out);
  if (!EXPRESSIBLE[format].includes(algorithm)) {
    const owners = EXPRESSIBLE[format].join(", ");
    throw new UsageError(
      `--out ${out}: the format ${format} is for ${owners}, not for ${algorithm}; ` +
        `a tokenizer.json can hold it`,
    );
  }
  const isFolder = await stat(out).then(
    (facts) => facts.isDirectory(),
    () => out.endsWith("/") || (format === "vocab" && !/\.txt$/i.test(out)),
  );
  if (isFolder && given === undefined) {
    throw new ConfigError(
      `--out: ${out} is a folder, not a file; with --format, files of that format go into it`,
    );
  }
  return { out, format, isFolder };
}

function formatOf(out: string): SaveFormat {
  if (/\.model$/i.test(out)) return "sentencepiece";
  return /\.tiktoken$/i.test(out) ? "tiktoken" : "tokenizer.json";
}

/** Writes a tokenizer. @throws {ConfigError} if the format cannot express it. */
export async function writeTokenizer(tokenizer: Tokenizer, target: Target): Promise<void> {
  const { out, format, isFolder } = target;
  const files = tokenizer.save(format);
  const [bytes, ...others] = Object.values(files);
  if (!isFolder && others.length > 0) {
    throw new ConfigError(
      `--out: ${out} is one file, and there are ${Object.keys(files).join(" and ")}; name a folder`,
    );
  }
  await (isFolder
    ? writeFilesAtomic(out, files)
    : writeFilesAtomic(dirname(out), { [basename(out)]: bytes! }));
}
