import {
  type Explanation,
  type Tokenizer,
  type TokenizerMeasures,
  compare,
} from "orrery-lm/tokenizers";
import { defineCommand } from "../command.ts";
import { explanationText } from "../explanation-text.ts";
import { openTokenizers, tokenizerRuleOptions } from "../open-tokenizer.ts";
import { readText } from "../read-text.ts";
import { jsonOption, lossyOption } from "../shared-options.ts";
import { write } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { UsageError } from "../usage-error.ts";
import { showStretches, tokenStretches } from "../token-text.ts";

// What fits on a screen or two; all of a book would only scroll past.
const SHOWN_CHARACTERS = 2000;

/** Shows and compares tokens. */
export default defineCommand({
  description: [
    "Shows the tokens of a text, each on a color of its own (bars between them in a pipe), and",
    "compares tokenizers on it: tokens per word (fertility), characters and bytes per token, the",
    "share of unknown tokens, how much of the vocabulary occurs, whether the text comes back.",
    "With --count it prints the number of tokens alone; with --explain how they come about: the rule",
    "that cut each piece, each merge in order.",
  ].join("\n"),
  operands: { usage: "[FILE|-]", min: 0, max: 1 },
  options: {
    tokenizer: {
      type: "texts",
      value: "PATH",
      help: "a tokenizer in any format, or a folder that has one; repeat it to compare",
    },
    ...tokenizerRuleOptions,
    count: { type: "flag", help: "print only how many tokens there are" },
    explain: { type: "flag", help: "show each step that leads to the tokens" },
    all: { type: "flag", help: `show all of the text, not only ${SHOWN_CHARACTERS} characters` },
    "no-color": { type: "flag", help: "no colors (so does the environment variable NO_COLOR)" },
    ...lossyOption,
    ...jsonOption,
  },
  examples: [
    "orrery tokens book.txt --tokenizer gpt2/tokenizer.json --tokenizer t5/spiece.model",
    "echo Hello | orrery tokens --tokenizer cl100k_base.tiktoken --pattern cl100k --count",
    "echo Hello | orrery tokens --tokenizer bert/vocab.txt --explain",
  ],
  run: async ({ values, operands, terminal }) => {
    const { stdout } = terminal;
    if (values.count && values.explain) {
      throw new UsageError("--count prints a number alone, --explain all steps: take one of them");
    }
    if (values.tokenizer.length === 0) {
      throw new UsageError("--tokenizer PATH is missing; repeat it to compare tokenizers");
    }
    const [file = "-"] = operands;
    const text = await readText([file], terminal, { isLossy: values.lossy, keepsMark: true });
    const tokenizers = await openTokenizers(values.tokenizer, values);
    if (values.count) {
      const counts = tokenizers.map((t) => t.count(text, { addSpecialTokens: false }));
      await write(stdout, values.json ? `${JSON.stringify(counts)}\n` : `${counts.join("\n")}\n`);
      return 0;
    }
    const shown = values.all ? text : firstCharacters(text, SHOWN_CHARACTERS);
    const rest =
      shown.length < text.length
        ? `(the first ${SHOWN_CHARACTERS} characters; --all shows all)\n\n`
        : "";
    if (values.explain) {
      const explained = values.json ? text : shown;
      const explanations = await Promise.all(
        tokenizers.map((tokenizer) => tokenizer.explain(explained)),
      );
      await write(
        stdout,
        values.json
          ? `${explanationsJson(values.tokenizer, explanations)}\n`
          : `${explanationsText(values.tokenizer, explanations)}\n\n${rest}`,
      );
      return 0;
    }
    const measures = compare([text], tokenizers);
    if (values.json) {
      const rows = measures.map((measured, i) => ({ tokenizer: values.tokenizer[i], ...measured }));
      await write(stdout, `${JSON.stringify(rows)}\n`);
      return 0;
    }
    const hasColors =
      stdout.isTTY === true && !values["no-color"] && (process.env.NO_COLOR ?? "") === "";
    for (const [i, tokenizer] of tokenizers.entries()) {
      const head = tokenizers.length > 1 ? `${values.tokenizer[i]}\n` : "";
      // One after the other, as they are read.
      // oxlint-disable-next-line no-await-in-loop
      await write(stdout, `${head}${show(tokenizer, shown, hasColors)}\n\n`);
    }
    await write(stdout, `${rest}${comparison(values.tokenizer, measures)}\n`);
    return 0;
  },
});

function explanationsJson(names: readonly string[], all: readonly Explanation[]): string {
  return JSON.stringify(all.map((one, i) => ({ tokenizer: names[i], ...one })));
}

function explanationsText(names: readonly string[], all: readonly Explanation[]): string {
  const texts = all.map((one, i) => (all.length > 1 ? `${names[i]}\n` : "") + explanationText(one));
  return texts.join("\n\n");
}

function show(tokenizer: Tokenizer, text: string, hasColors: boolean): string {
  const options = { addSpecialTokens: false, truncation: false, padding: false } as const;
  const encoding = tokenizer.encodeFull(text, undefined, options);
  return showStretches(tokenStretches(text, encoding), hasColors);
}

function comparison(names: readonly string[], measures: readonly TokenizerMeasures[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const head = ["", "vocabulary", "tokens", "per word", "chars/token", "bytes/token"];
  return textTable([
    [...head, "unknown", "used", "comes back"],
    ...measures.map((m, i) => [
      names[i]!,
      String(m.vocabSize),
      String(m.tokens),
      m.fertility.toFixed(2),
      m.charactersPerToken.toFixed(2),
      m.bytesPerToken.toFixed(2),
      percent(m.unknownRate),
      percent(m.vocabularyUsed),
      m.roundTrip === 1 ? "yes" : "no",
    ]),
  ]);
}

/** The start of a text, without half of a surrogate pair at its end. */
function firstCharacters(text: string, count: number): string {
  const isInPair = count < text.length && (text.charCodeAt(count) & 0xfc00) === 0xdc00;
  return text.slice(0, isInPair ? count - 1 : count);
}
