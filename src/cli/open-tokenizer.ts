import { ConfigError } from "orrery-lm/base";
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

function readSpecial(text: string): readonly [token: string, id: number] {
  const [, token, id] = /^(.+)=(\d+)$/su.exec(text) ?? [];
  if (token === undefined || id === undefined) {
    throw new UsageError(
      `--special: expected TOKEN=ID, such as "<|endoftext|>=100257", got ${text}`,
    );
  }
  return [token, Number(id)];
}
