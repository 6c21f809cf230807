import { ConfigError } from "orrery-lm/base";
import { Tokenizer, type TrainTokenizerOptions, type WordOptions } from "orrery-lm/tokenizers";
import { readFileBytes } from "#files";
import { UsageError } from "../usage-error.ts";
import type { Algorithm } from "./algorithm-options.ts";
import { learningOptions } from "./learning-options.ts";
import { wordOptions } from "./word-options.ts";

type Values = Readonly<Record<string, unknown>>;

const OPTIONS = { ...wordOptions, ...learningOptions };

/**
 * The options of a training, without its size.
 * @throws {UsageError} if one belongs to another algorithm, or cannot be read.
 */
export async function readTrainingOptions(values: Values): Promise<TrainTokenizerOptions> {
  // Which options an algorithm has is what the table says, which the compiler cannot see.
  return (await readOptions(values)) as unknown as TrainTokenizerOptions;
}

/**
 * The options of counting words.
 * @throws {UsageError} if one belongs to another algorithm, or cannot be read.
 */
export async function readWordOptions(values: Values): Promise<WordOptions> {
  return (await readOptions(values)) as unknown as WordOptions;
}

async function readOptions(values: Values): Promise<Record<string, unknown>> {
  const algorithm = (values["algorithm"] ?? "bpe") as Algorithm;
  const read: Record<string, unknown> = { algorithm };
  const by: Record<string, string> = {};
  for (const [option, { names }] of Object.entries(OPTIONS)) {
    const value = values[option];
    if (value === undefined || value === false || isEmpty(value)) continue;
    const name = names[algorithm];
    if (name === undefined) {
      const owners = Object.keys(names).join(", ");
      throw new UsageError(`--${option} belongs to --algorithm ${owners}, not to ${algorithm}`);
    }
    if (name in read) throw new UsageError(`give --${by[name]} or --${option}, not both`);
    by[name] = option;
    // oxlint-disable-next-line no-await-in-loop -- few of them read a file
    read[name] = await readValue(option, value);
  }
  return read;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

const YES_OR_NO: ReadonlyMap<unknown, boolean> = new Map([
  ["yes", true],
  ["no", false],
]);
const NORMALIZERS = ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"];

async function readValue(option: string, value: unknown): Promise<unknown> {
  switch (option) {
    case "normalizer":
      return readNormalizers(value as readonly string[]);
    case "end-of-word":
      return { kind: "glued", marker: value };
    case "separate-end-of-word":
      return { kind: "separate", marker: value };
    case "from":
      return Tokenizer.load(value as string);
    case "initial-alphabet":
      return Array.from(value as string);
    case "normalization":
      return readNormalization(value as string);
  }
  return isYesOrNo(option) ? YES_OR_NO.get(value) : value;
}

function isYesOrNo(option: string): boolean {
  const spec = OPTIONS[option]!;
  return spec.type === "choice" && spec.choices.includes("yes");
}

function readNormalizers(names: readonly string[]): unknown {
  for (const name of names) {
    if (!NORMALIZERS.includes(name)) {
      const known = NORMALIZERS.join(", ");
      throw new UsageError(`--normalizer: expected one of ${known}; got ${JSON.stringify(name)}`);
    }
  }
  const normalizers = names.map((type) => ({ type }));
  return normalizers.length === 1 ? normalizers[0] : { type: "Sequence", normalizers };
}

async function readNormalization(name: string): Promise<unknown> {
  if (!/\.tsv$/i.test(name)) return name;
  return { tsv: new TextDecoder().decode(await readFileBytes(name)) };
}

/** Says of what the library says under which option the command line knows it. */
export async function withOptionNames<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new ConfigError(inOptionNames(cause.message), { cause });
  }
}

function inOptionNames(message: string): string {
  if (!message.startsWith("trainTokenizer: ")) return message;
  const optionOf = new Map([["vocabSize", "vocab-size"]]);
  for (const [option, { names }] of Object.entries(OPTIONS)) {
    for (const name of Object.values(names)) {
      // Words of the language, as in "a merge", are no names.
      if (/[A-Z]/.test(name) && !optionOf.has(name)) optionOf.set(name, option);
    }
  }
  return message
    .slice("trainTokenizer: ".length)
    .replace(/\b[a-z]+[A-Z]\w*/g, (word) =>
      optionOf.has(word) ? `--${optionOf.get(word)}` : word,
    );
}
