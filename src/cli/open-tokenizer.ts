import { ConfigError, isExpectedError } from "orrery-lm/base";
import { type LoadOptions, Tokenizer } from "orrery-lm/tokenizers";
import { UsageError } from "./usage-error.ts";

/** Options of commands that load a tokenizer: what rank files and `vocab.txt` leave out. */
export const tokenizerRuleOptions = {
  pattern: {
    type: "text",
    value: "NAME",
    help: "how text is cut, for a rank file: gpt2, cl100k, o200k, llama3, …, or a regular expression",
  },
  special: {
    type: "texts",
    value: "TOKEN=ID",
    help: "a special token, for a rank file; may be repeated",
  },
  cased: { type: "flag", help: "keep capital letters, for a vocab.txt" },
} as const;

/** What a command line gave for {@link tokenizerRuleOptions}. */
export interface TokenizerRules {
  readonly pattern: string | undefined;
  readonly special: readonly string[];
  readonly cased: boolean;
}

/**
 * Loads a tokenizer in any format.
 * @throws {UsageError} if a special token has no id.
 * @throws {ConfigError} if there is none, or a rule is missing or does not apply.
 */
export function openTokenizer(
  path: string,
  { pattern, special, cased }: TokenizerRules,
): Promise<Tokenizer> {
  const options: LoadOptions = {
    ...(pattern !== undefined && { pattern }),
    ...(special.length > 0 && { specialTokens: Object.fromEntries(special.map(readSpecial)) }),
    ...(cased && { lowercase: false }),
  };
  return Tokenizer.load(path, options).catch((cause: unknown) => {
    // What the library calls by its own names has others here.
    if (cause instanceof ConfigError && cause.message.includes("{ pattern:")) {
      const message = cause.message.replace(/\{ pattern: "(\w+)" \}/, "--pattern $1");
      throw new ConfigError(message, { cause });
    }
    throw cause;
  });
}

/**
 * Loads several tokenizers. Rules go to those that ask for them, and `--cased` to each `vocab.txt`; a
 * single tokenizer gets all rules.
 * @throws {UsageError} if no tokenizer takes a rule, or a special token has no id.
 * @throws {ConfigError} as {@link openTokenizer}.
 */
export async function openTokenizers(
  paths: readonly string[],
  rules: TokenizerRules,
): Promise<Tokenizer[]> {
  const [path, ...others] = paths;
  if (path !== undefined && others.length === 0) return [await openTokenizer(path, rules)];
  const opened = await Promise.all(paths.map((one) => openAsNeeded(one, rules)));
  const hasTaken = (taken: "cut" | "case"): boolean => opened.some((one) => one.taken === taken);
  const unused = [
    ...(rules.pattern !== undefined && !hasTaken("cut") ? ["--pattern"] : []),
    ...(rules.special.length > 0 && !hasTaken("cut") ? ["--special"] : []),
    ...(rules.cased && !hasTaken("case") ? ["--cased"] : []),
  ];
  if (unused.length > 0) {
    throw new UsageError(
      `${unused.join(" and ")}: none of these tokenizers needs it, all have rules of their own`,
    );
  }
  return opened.map(({ tokenizer }) => tokenizer);
}

interface Opened {
  readonly tokenizer: Tokenizer;
  readonly taken: "cut" | "case" | "nothing";
}

async function openAsNeeded(path: string, rules: TokenizerRules): Promise<Opened> {
  const { pattern, special, cased } = rules;
  const open = (some: Partial<TokenizerRules>): Promise<Tokenizer> =>
    openTokenizer(path, { pattern: undefined, special: [], cased: false, ...some });
  if (cased) {
    try {
      return { tokenizer: await open({ cased }), taken: "case" };
    } catch (error) {
      if (!says(error, /leave out lowercase/)) throw error;
    }
  }
  try {
    return { tokenizer: await open({}), taken: "nothing" };
  } catch (error) {
    const isGiven = pattern !== undefined || special.length > 0;
    if (!isGiven || !says(error, /--pattern|\{ pattern:/)) throw error;
    return { tokenizer: await open({ pattern, special }), taken: "cut" };
  }
}

function says(error: unknown, message: RegExp): boolean {
  return isExpectedError(error) && message.test(error.message);
}

function readSpecial(text: string): readonly [token: string, id: number] {
  const [, token, id] = /^(.+)=(\d+)$/su.exec(text) ?? [];
  if (token === undefined || id === undefined) {
    throw new UsageError(
      `--special: expected TOKEN=ID, such as "<|endoftext|>=100257", got ${text}`,
    );
  }
  return [token, Number(id)];
}
