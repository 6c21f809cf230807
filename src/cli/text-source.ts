import { join, relative, resolve } from "node:path";
import { ConfigError, FormatError } from "orrery-lm/base";
import { generateStories } from "orrery-lm/lab";
import { exists, readFileBytes } from "#files";
import { readText } from "./read-text.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage-error.ts";

/** Where the text of a run comes from. */
export type TextSource =
  | { readonly type: "stories"; readonly characters: number }
  /** Paths from the run's folder, so that both can be moved together. */
  | { readonly type: "files"; readonly paths: readonly string[]; readonly isLossy: boolean }
  /** Standard input, which cannot be read again. */
  | { readonly type: "input"; readonly isLossy: boolean };

/** Where a run's folder keeps it. */
export const SOURCE_FILE = "state/source.json";

const STORY_CHARACTERS = 2_000_000;

/** What a command line says about the text. */
export interface GivenText {
  readonly folder: string;
  readonly files: readonly string[];
  readonly stories: number | undefined;
  readonly isLossy: boolean;
}

/**
 * The source that the command line names.
 *
 * @throws {UsageError} if it names files and stories.
 */
export function givenSource({ folder, files, stories, isLossy }: GivenText): TextSource {
  if (files.length === 0) return { type: "stories", characters: stories ?? STORY_CHARACTERS };
  if (stories !== undefined) {
    throw new UsageError("--stories is for runs without a file; give one of the two");
  }
  if (files.includes("-")) return { type: "input", isLossy };
  return { type: "files", paths: files.map((path) => relative(folder, resolve(path))), isLossy };
}

/**
 * The source that a run was begun with, where the command line names none.
 *
 * @throws {ConfigError} if that was standard input.
 */
export async function rememberedSource(given: GivenText): Promise<TextSource> {
  const { folder, files, stories } = given;
  if (files.length > 0 || stories !== undefined) return givenSource(given);
  const path = join(folder, SOURCE_FILE);
  // A run that was begun by a program and not by the command.
  if (!(await exists(path))) throw new UsageError(`name the text that ${folder} was begun with`);
  const source = parseSource(new TextDecoder().decode(await readFileBytes(path)));
  if (source.type === "input") {
    throw new ConfigError(
      `${folder} was begun with standard input; give the same text again, with - as FILE`,
    );
  }
  return source;
}

function parseSource(json: string): TextSource {
  try {
    return JSON.parse(json) as TextSource;
  } catch (cause) {
    throw new FormatError(SOURCE_FILE, `not JSON; name the text to go on`, { cause });
  }
}

/**
 * Reads the text.
 *
 * @throws {ConfigError} if a file is missing or empty.
 * @throws {FormatError} if one is not UTF-8.
 */
export async function readSource(
  source: TextSource,
  { folder, files }: GivenText,
  terminal: Terminal,
): Promise<string> {
  switch (source.type) {
    case "stories":
      return generateStories(0, source.characters);
    case "input":
      return readText(files, terminal, source);
    case "files": {
      const named = source.paths.map((path) => relative(".", join(folder, path)));
      return readText(files.length > 0 ? files : named, terminal, source);
    }
  }
}
