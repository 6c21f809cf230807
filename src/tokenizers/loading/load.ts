import { listFolder, openByteSource, readFileBytes } from "#files";
import { type ByteSource, ConfigError, bytesSource, isHubPlace } from "orrery-lm/base";
import { type TokenizerJson, isGguf } from "orrery-lm/formats";
import { type LoadOptions, RuleOptions } from "./load-options.ts";
import { recognize } from "./recognize.ts";

/**
 * Where a tokenizer comes from: the path or URL of a file, or of a folder that has one of the files of
 * a tokenizer (`tokenizer.json` goes first), or `hf:org/name` of a hub; the bytes of a file; or files in memory, by name.
 */
export type TokenizerSource = string | URL | Uint8Array | Readonly<Record<string, Uint8Array>>;

/** Files by name, read when asked for. */
interface Folder {
  readonly place: string;
  readonly names: readonly string[];
  read(name: string): Promise<Uint8Array>;
  open(name: string): Promise<ByteSource & { close?(): Promise<void> }>;
}

/** What a folder is looked through for, in this order: all files of a row must be there. */
const FOLDER_FILES: readonly (readonly RegExp[])[] = [
  [/^tokenizer\.json$/],
  [/^tekken\.json$/],
  [/\.model$/],
  [/\.tiktoken$/],
  [/^vocab\.json$/, /^merges\.txt$/],
  [/^encoder\.json$/, /^vocab\.bpe$/],
  [/^vocab\.txt$/],
  [/\.gguf$/],
];

/**
 * Reads a tokenizer in whatever format it comes, recognized by its content.
 * @throws {ConfigError} if there is nothing to read, or an option is missing or does not apply.
 * @throws {FormatError} if it is in no known format, or broken.
 */
export async function readTokenizer(
  source: TokenizerSource,
  options: LoadOptions = {},
): Promise<TokenizerJson> {
  const rules = new RuleOptions(options);
  if (source instanceof Uint8Array) return readBytes(source, rules);
  if (typeof source !== "string" && !(source instanceof URL)) {
    return readFolder(inMemory(source), rules);
  }
  const names = await listFolder(source).catch((error: unknown) => {
    // A hub can list its folders: where it refuses, it says why.
    if (isHubPlace(source) && !isNameOfFile(source)) throw error;
    return undefined;
  });
  if (names !== undefined) return readFolder(onDisk(source, names), rules);
  if (isGgufName(source)) return readGguf(await openByteSource(source), rules);
  return readBytes(await readFile(source), rules);
}

async function readFolder(folder: Folder, rules: RuleOptions): Promise<TokenizerJson> {
  for (const wanted of FOLDER_FILES) {
    const found = wanted.map((pattern) => folder.names.filter((name) => pattern.test(name)));
    if (found.some((names) => names.length === 0)) continue;
    const many = found.find((names) => names.length > 1);
    if (many !== undefined) {
      throw new ConfigError(`${folder.place}: which of ${JSON.stringify(many)}? Name the file`);
    }
    const [first, second] = found.map((names) => names[0]!) as [string, string?];
    if (isGgufName(first)) return readGguf(await folder.open(first), rules);
    const bytes = await folder.read(first);
    if (second === undefined) return readBytes(bytes, rules);
    rules.refuseLowercase("vocab.json with merges.txt");
    const { parseVocabMerges } = await import("./readers/vocab-merges.ts");
    return rules.applyTo(parseVocabMerges(bytes, await folder.read(second)));
  }
  const names = JSON.stringify(folder.names.slice(0, 20));
  throw new ConfigError(
    `${folder.place} has no tokenizer.json and no other file of a tokenizer, got ${names}`,
  );
}

async function readBytes(bytes: Uint8Array, rules: RuleOptions): Promise<TokenizerJson> {
  return isGguf(bytes) ? readGguf(bytesSource(bytes), rules) : recognize(bytes, rules);
}

/** Closes the source. */
async function readGguf(
  source: ByteSource & { close?(): Promise<void> },
  rules: RuleOptions,
): Promise<TokenizerJson> {
  try {
    rules.refuseSpecialTokens("a GGUF file");
    rules.refuseLowercase("a GGUF file");
    const { readGgufTokenizer } = await import("./readers/gguf.ts");
    return await readGgufTokenizer(source, rules.patterns);
  } finally {
    await source.close?.();
  }
}

function inMemory(files: Readonly<Record<string, Uint8Array>>): Folder {
  const read = async (name: string): Promise<Uint8Array> => files[name]!;
  return {
    place: "Tokenizer.load: the source",
    names: Object.keys(files),
    read,
    open: async (name) => bytesSource(await read(name)),
  };
}

function onDisk(place: string | URL, names: readonly string[]): Folder {
  return {
    place: String(place),
    names,
    read: (name) => readFileBytes(inFolder(place, name)),
    open: (name) => openByteSource(inFolder(place, name)),
  };
}

/** Reads a file. Where folders cannot be listed, a name without an extension may be that of one. */
function readFile(place: string | URL): Promise<Uint8Array> {
  if (isNameOfFile(place)) return readFileBytes(place);
  return readFileBytes(inFolder(place, "tokenizer.json")).catch(() => readFileBytes(place));
}

/** True if the name has an extension, as those of folders seldom have. */
export function isNameOfFile(place: string | URL): boolean {
  return /\.(json|model|tiktoken|txt|bpe|gguf)$/i.test(pathOf(place));
}

function isGgufName(place: string | URL): boolean {
  return /\.gguf$/i.test(pathOf(place));
}

function pathOf(place: string | URL): string {
  return typeof place === "string" ? place : place.pathname;
}

/** The place of a file in a folder. */
export function inFolder(place: string | URL, name: string): string | URL {
  if (typeof place === "string") return `${place.replace(/\/+$/, "")}/${name}`;
  const folder = new URL(place);
  folder.pathname = `${folder.pathname.replace(/\/+$/, "")}/${name}`;
  return folder;
}
