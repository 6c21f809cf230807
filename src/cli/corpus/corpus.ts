import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ConfigError, FormatError, type OpenByteSource } from "orrery-lm/base";
import { readParquetTexts } from "orrery-lm/formats";
import { openByteSource } from "#files";
import { mentionTerminal } from "../read-text.ts";
import type { Terminal } from "../terminal.ts";
import { expandGlobs } from "./expand-globs.ts";
import { readJsonTexts } from "./read-json-texts.ts";
import { readLines } from "./read-lines.ts";

/** What a command line says about its texts. */
export interface CorpusOptions {
  /** Paths and patterns; "-" is standard input. */
  readonly files: readonly string[];
  /** The field of a JSON object, or the column of a Parquet file, that has the text. */
  readonly field: string;
  /** Read JSON Lines, whatever the file's name is. */
  readonly isJsonLines: boolean;
  /** Replace what is not UTF-8 instead of refusing it. */
  readonly isLossy: boolean;
}

const CHUNK_BYTES = 2 ** 20;

/** Texts in files of any size, which are read once, from start to end. */
export class Corpus {
  /** The files, in the order in which they are read. */
  readonly files: readonly string[];
  /** In bytes; 0 if nobody knows, as of standard input. */
  readonly size: number;
  readonly #options: CorpusOptions;
  readonly #terminal: Terminal;
  #bytesRead = 0;
  #textsRead = 0;
  #charactersRead = 0;

  private constructor(
    { files, size }: Pick<Corpus, "files" | "size">,
    options: CorpusOptions,
    terminal: Terminal,
  ) {
    this.files = files;
    this.size = size;
    this.#options = options;
    this.#terminal = terminal;
  }

  /**
   * Finds the files.
   * @throws {ConfigError} if one is missing, or nothing matches a pattern.
   */
  static async open(options: CorpusOptions, terminal: Terminal): Promise<Corpus> {
    const files = await expandGlobs(options.files);
    let size = 0;
    for (const file of files) {
      // oxlint-disable-next-line no-await-in-loop -- the first that is missing is named
      const bytes = await sizeOf(file);
      if (bytes === 0) throw new ConfigError(`${file} is empty`);
      size += bytes;
    }
    return new Corpus({ files, size: Number.isNaN(size) ? 0 : size }, options, terminal);
  }

  get textsRead(): number {
    return this.#textsRead;
  }

  get charactersRead(): number {
    return this.#charactersRead;
  }

  /** How much has been read, in [0, 1]; 0 if nobody knows. */
  get fraction(): number {
    return this.size === 0 ? 0 : Math.min(1, this.#bytesRead / this.size);
  }

  /**
   * Reads the texts: the lines of a text, each with its line feed, and what JSON and Parquet have in
   * the field.
   *
   * @yields the texts, file after file
   * @throws {ConfigError} if there is nothing in a file, or a line of JSON has no such text.
   * @throws {FormatError} if a file is broken, or not UTF-8.
   */
  async *texts(): AsyncGenerator<string> {
    for (const file of this.files) {
      for await (const text of this.#textsOf(file)) {
        this.#textsRead++;
        this.#charactersRead += text.length;
        yield text;
      }
    }
  }

  #textsOf(file: string): AsyncIterable<string> {
    const { field, isJsonLines, isLossy } = this.#options;
    if (/\.parquet$/i.test(file)) return this.#parquet(file);
    const name = file === "-" ? "standard input" : file;
    const lines = readLines(this.#chunks(file), { name, isLossy });
    const isJson = isJsonLines || /\.(jsonl|ndjson)(\.gz)?$/i.test(file);
    return isJson ? readJsonTexts(lines, { name, field }) : lines;
  }

  async *#parquet(file: string): AsyncGenerator<string> {
    const source = this.#counted(await openByteSource(file));
    try {
      yield* readParquetTexts(source, this.#options.field);
    } finally {
      await source.close();
    }
  }

  async *#chunks(file: string): AsyncGenerator<Uint8Array> {
    if (file === "-") {
      await mentionTerminal(this.#terminal);
      yield* this.#terminal.stdin as AsyncIterable<Uint8Array>;
    } else if (await isPipe(file)) {
      yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    } else if (/\.gz$/i.test(file)) yield* unzipped(this.#pieces(file), file);
    else yield* this.#pieces(file);
  }

  async *#pieces(file: string): AsyncGenerator<Uint8Array> {
    const source = this.#counted(await openByteSource(file));
    try {
      for (let at = 0; at < source.size; at += CHUNK_BYTES) {
        // oxlint-disable-next-line no-await-in-loop -- one piece is in memory
        yield await source.slice(at, Math.min(at + CHUNK_BYTES, source.size));
      }
    } finally {
      await source.close();
    }
  }

  /** Counts what is read of a source, part of which may be read twice. */
  #counted(source: OpenByteSource): OpenByteSource {
    const end = this.#bytesRead + source.size;
    const slice = (from: number, to: number): Promise<Uint8Array> => {
      this.#bytesRead = Math.min(end, this.#bytesRead + to - from);
      return source.slice(from, to);
    };
    return { size: source.size, slice, close: () => source.close() };
  }
}

async function* unzipped(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(chunks);
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.on("error", (error) => unzip.destroy(error));
  try {
    yield* packed.pipe(unzip) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const { message, code = "" } = cause as NodeJS.ErrnoException;
    if (!code.startsWith("Z_")) throw cause;
    throw new FormatError(file, `it cannot be unzipped: ${message}`, { cause });
  } finally {
    packed.destroy();
  }
}

/** A pipe can be opened only once, and has no size beforehand. */
async function isPipe(file: string): Promise<boolean> {
  const facts = await stat(file).catch(() => undefined);
  return facts !== undefined && !facts.isFile() && !facts.isDirectory();
}

async function sizeOf(file: string): Promise<number> {
  if (file === "-" || (await isPipe(file))) return NaN;
  const source = await openByteSource(file); // which says what is wrong, if it cannot be read
  await source.close();
  return source.size;
}
