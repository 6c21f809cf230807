import { basename } from "node:path";
import {
  type TokenizersRecord,
  type TokenizersText,
  generateChineseStories,
  generateStories,
  runTokenizers,
  tokenizersConclusion,
  tokenizersSizes,
  tokenizersTable,
} from "orrery-lm/lab";
import { type OptionValues, defineCommand } from "../command.ts";
import { readWholes } from "../parse-arguments.ts";
import { readText } from "../read-text.ts";
import { runExperimentCommand } from "../run-experiment.ts";
import { experimentOptions, jsonOption, lossyOption } from "../shared-options.ts";
import { shellLine } from "../shell-words.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../usage-error.ts";

const CHARACTERS = { quick: 200_000, full: 1_000_000 } as const;

const options = {
  quick: { type: "flag", help: "a fifth of the built-in texts: about a minute" },
  data: {
    type: "texts",
    value: "LANGUAGE=FILE",
    help: "a text to learn from, such as en=book.txt; repeat it [built-in stories, en and zh]",
  },
  sizes: {
    type: "text",
    value: "A,B,…",
    help: `tokens of the vocabularies [${tokenizersSizes.join(",")}]`,
  },
  out: { type: "text", value: "DIR", help: "folder for the results [runs/tokenizers…]" },
  ...experimentOptions,
  ...lossyOption,
  ...jsonOption,
} as const;

type Values = OptionValues<typeof options>;

/** Runs the tokenizer experiment. */
export default defineCommand({
  description: [
    "Learns BPE, WordPiece by three scores and Unigram from the same text at several sizes, measures",
    "each on the last tenth of the text, which none has seen, and writes a report: tokens per word,",
    "unknown tokens, how much of the vocabulary is used. What is finished is not run again.",
  ].join("\n"),
  operands: { usage: "", min: 0, max: 0 },
  options,
  examples: [
    "orrery lab tokenizers --quick",
    "orrery lab tokenizers --data en=book.txt --data de=buch.txt --sizes 1000,8000",
  ],
  run: async ({ values, terminal }) => {
    const folder = values.out ?? `runs/tokenizers${values.quick ? "-quick" : ""}`;
    const sizes =
      values.sizes === undefined ? tokenizersSizes : readWholes("--sizes", values.sizes, 1);
    const texts = await readTexts(values, terminal);
    const languages = texts.map(({ language }) => language);
    return runExperimentCommand<TokenizersRecord>(
      {
        folder,
        command: shellLine(commandOf(values, folder)),
        introduction: introduction(texts, sizes),
        run: (surroundings) => runTokenizers({ ...surroundings, texts, sizes }),
        result: (records) =>
          `${tokenizersTable(records, languages)}\n\n${tokenizersConclusion({ sizes, languages }, records)}`,
      },
      values,
      terminal,
    );
  },
});

async function readTexts(
  { data, quick, lossy }: Values,
  terminal: Terminal,
): Promise<TokenizersText[]> {
  if (data.length === 0) {
    const characters = CHARACTERS[quick ? "quick" : "full"];
    const name = "built-in stories, seed 0";
    return [
      { language: "en", name, text: generateStories(0, characters) },
      { language: "zh", name, text: generateChineseStories(0, characters) },
    ];
  }
  const named = data.map((one) => {
    const [, language, file] = /^([\w-]+)=(.+)$/.exec(one) ?? [];
    if (language === undefined || file === undefined) {
      throw new UsageError(`--data: expected LANGUAGE=FILE, such as en=book.txt, got ${one}`);
    }
    return { language, file };
  });
  const twice = named.find(({ language }, i) =>
    named.some((o, k) => k < i && o.language === language),
  );
  if (twice !== undefined) throw new UsageError(`--data: ${twice.language} is given twice`);
  return Promise.all(
    named.map(async ({ language, file }) => ({
      language,
      name: basename(file),
      text: await readText([file], terminal, { isLossy: lossy }),
    })),
  );
}

function commandOf({ quick, data, sizes, lossy }: Values, folder: string): string[] {
  return [
    "npx",
    "orrery",
    "lab",
    "tokenizers",
    ...(quick ? ["--quick"] : []),
    ...data.flatMap((one) => ["--data", one]),
    ...(sizes === undefined ? [] : ["--sizes", sizes]),
    ...(lossy ? ["--lossy"] : []),
    "--out",
    folder,
  ];
}

function introduction(texts: readonly TokenizersText[], sizes: readonly number[]): string {
  const names = texts.map(({ language, name }) => `${language} (${name})`).join(" and ");
  return (
    `Which tokenizer needs fewer tokens? Learning BPE, WordPiece by three scores and Unigram from ` +
    `${names}, ${sizes.join(", ")} tokens each.`
  );
}
