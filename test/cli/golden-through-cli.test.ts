import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";
import { type GoldenAnswer, readLines } from "../tokenizers/golden-answers.ts";
import { orrery } from "./orrery.ts";

// What the references answered, asked from the command line.

const folder = sharedData("golden");
const note = folder === undefined ? ` (${NO_SHARED_DATA})` : "";
const files = folder === undefined ? [] : readdirSync(folder).toSorted();

/** The file of a tokenizer that a golden was made with. */
interface MetaFile {
  readonly file: string;
  readonly impl: string;
  readonly pattern?: string;
  readonly special_tokens?: Readonly<Record<string, number>>;
}

/** How the command is to open it. */
function openingOf(name: string, impl: string): string[] {
  const path = sharedData(`tokenizers/${name}/meta.json`)!;
  const meta = JSON.parse(readFileSync(path, "utf8")) as { files: MetaFile[] };
  const found = meta.files.find((one) => one.impl === impl)!;
  const { file, pattern, special_tokens: specialTokens = {} } = found;
  return [
    "--tokenizer",
    sharedData(`tokenizers/${name}/${file}`)!,
    ...(pattern === undefined ? [] : ["--pattern", pattern]),
    ...(pattern === undefined ? [] : Object.entries(specialTokens)).flatMap(([token, id]) => [
      "--special",
      `${token}=${id}`,
    ]),
  ];
}

/** Shows a command a JSON object a line; one comes back for each. */
async function ask<T>(args: readonly string[], questions: readonly object[]): Promise<T[]> {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
  const { code, stdout, stderr } = await orrery(args, { input });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
  expect(answers.length).toBe(questions.length);
  return answers;
}

type Full = Readonly<{
  ids: number[];
  tokens: string[];
  offsets: [number, number][];
  typeIds: number[];
  specialTokensMask: number[];
}>;

/** tiktoken says only where tokens start; all else is compared as it is. */
function inTheFormOf(offsets: unknown, full: Full["offsets"]): unknown {
  const isStarts = Array.isArray(offsets) && typeof offsets[0] === "number";
  return isStarts ? full.map(([start]) => start) : full;
}

test.skipIf(folder === undefined)(`there are 11 files of answers${note}`, () => {
  expect(files.length).toBe(11);
});

describe.each(files)("orrery encode --jsonl, fed with %s", (file) => {
  const [, name = "", impl = ""] = /^(.+)\.([a-z-]+)\.jsonl\.gz$/.exec(file) ?? [];
  const opening = openingOf(name, impl);
  const rows = readLines<GoldenAnswer>(`golden/${file}`);
  const encoded = rows.filter(({ kind }) => kind === "encode");
  const isTiktoken = impl === "tiktoken";
  // tiktoken's plain way takes special tokens as text, tokenizers' matches them.
  const plain = { addSpecialTokens: false, specialTokens: isTiktoken ? "text" : "match" };

  test("gives the reference's ids", async () => {
    const answers = await ask<{ ids: number[] }>(
      ["encode", ...opening, "--jsonl"],
      encoded.map(({ text }) => ({ text, ...plain })),
    );
    expect(encoded.length).toBeGreaterThan(700);
    for (const [i, { text, ids }] of encoded.entries()) {
      expect({ text, ids: answers[i]!.ids }).toEqual({ text, ids });
    }
  });

  // SentencePiece matches none.
  test.each(impl === "sentencepiece" ? [] : ["match" as const])(
    "gives them with special tokens: %s",
    async (specialTokens) => {
      const asked = encoded.filter((row) => row.lone_surrogate !== true);
      const answers = await ask<{ ids: number[] }>(
        ["encode", ...opening, "--jsonl"],
        asked.map(({ text }) => ({ text, specialTokens })),
      );
      for (const [i, { text, ids, ids_special: special = ids }] of asked.entries()) {
        expect({ text, ids: answers[i]!.ids }).toEqual({ text, ids: special });
      }
    },
  );

  test("gives its tokens and offsets with --full", async () => {
    const asked = encoded.filter(({ offsets, tokens }) => offsets ?? tokens);
    const answers = await ask<Full>(
      ["encode", ...opening, "--jsonl", "--full"],
      asked.map(({ text }) => ({ text, ...plain, offsetUnit: "codepoint" })),
    );
    expect(asked.length).toBeGreaterThan(400);
    for (const [i, { text, ids, tokens, offsets }] of asked.entries()) {
      const full = answers[i]!;
      expect({
        text,
        ids: full.ids,
        tokens: isTiktoken ? tokens : tokens && full.tokens,
        offsets: offsets && inTheFormOf(offsets, full.offsets),
      }).toEqual({ text, ids, tokens, offsets });
    }
  });

  const pairs = rows.filter(({ kind }) => kind === "pair");
  // Only `tokenizers` has them.
  test.each(pairs.length === 0 ? [] : [pairs])("gives pairs", async (...some) => {
    const answers = await ask<Full>(
      ["encode", ...opening, "--jsonl", "--full"],
      some.map(({ text, pair }) => ({ text, pair, specialTokens: "match" })),
    );
    for (const [i, row] of some.entries()) {
      const { ids, typeIds, specialTokensMask } = answers[i]!;
      expect({ text: row.text, ids, typeIds, specialTokensMask }).toEqual({
        text: row.text,
        ids: row.ids,
        typeIds: row.type_ids,
        specialTokensMask: row.special_mask,
      });
    }
  });

  test("orrery decode --jsonl gives its texts", async () => {
    const asked = rows.filter(({ kind, lone_surrogate: isNoText }) => kind !== "pair" && !isNoText);
    const decoded = await ask<{ text: string }>(
      ["decode", ...opening, "--jsonl"],
      asked.map(({ ids }) => ({ ids })),
    );
    const skipped = await ask<{ text: string }>(
      ["decode", ...opening, "--jsonl"],
      asked.map(({ ids, ids_special: special = ids }) => ({
        ids: special,
        skipSpecialTokens: true,
      })),
    );
    for (const [i, row] of asked.entries()) {
      const whole = row.decoded ?? row.text;
      expect([row.ids, decoded[i]!.text]).toEqual([row.ids, whole]);
      // Only tokenizers can leave special tokens out.
      if (!impl.startsWith("tokenizers")) continue;
      expect([row.ids, skipped[i]!.text]).toEqual([row.ids, row.decoded_skip ?? whole]);
    }
  });
});
