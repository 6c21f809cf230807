import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, it } from "vitest";
import { nastyStrings, wellFormed } from "../nasty-strings.ts";
import { orrery, type Outcome, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
let tokenizer: Tokenizer;

beforeAll(async () => {
  writeFileSync(join(cwd, "not-a-tokenizer.json"), "{}");
  writeFileSync(join(cwd, "empty.txt"), "");
  const settings = ["--vocab-size", "300", "--special", "<|end|>", "--out", "tokenizer.json"];
  await orrery(["train-tokenizer", ...settings], { cwd, input: smallText });
  tokenizer = await Tokenizer.load(cwd);
});

type Input = string | Uint8Array;
const encode = (args: readonly string[], input: Input = ""): Promise<Outcome> =>
  orrery(["encode", "--tokenizer", "tokenizer.json", ...args], { cwd, input });
const decode = (args: readonly string[], input: Input = ""): Promise<Outcome> =>
  orrery(["decode", "--tokenizer", "tokenizer.json", ...args], { cwd, input });

/** A JSON object a line. */
const lines = (objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join("");
const parse = (text: string): unknown[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

describe("orrery encode | orrery decode", () => {
  it.each(nastyStrings.filter(([, text]) => text !== ""))(
    "gives the text back, byte for byte: %s",
    async (_, text) => {
      const { code, stdout: ids, stderr } = await encode([], text);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(/^\d+( \d+)*\n$/.test(ids)).toBe(true);
      expect((await decode([], ids)).stdout === wellFormed(text)).toBe(true);
    },
  );

  it("gives every nasty string back, a JSON object a line", async () => {
    const texts = nastyStrings.map(([, text]) => text);
    const { stdout } = await encode(["--jsonl"], lines(texts.map((text) => ({ text }))));
    const back = await decode(["--jsonl"], stdout);
    expect(parse(back.stdout)).toEqual(texts.map((text) => ({ text: wellFormed(text) })));
  });

  it("reads a long line that comes a few bytes at once", async () => {
    const text = "a long line \u{1FA90}".repeat(200_000);
    const input = lines([{ text }, { text: "b" }]).trimEnd();
    const args = ["encode", "--tokenizer", "tokenizer.json", "--jsonl"];
    const { stdout } = await orrery(args, { cwd, input, chunkLength: 61 });
    const ids = parse(stdout).map((line) => (line as { ids: number[] }).ids);
    expect(ids).toEqual([Array.from(tokenizer.encode(text)), Array.from(tokenizer.encode("b"))]);
  });

  it("gives the library's ids, and a line's own wishes go before the options", async () => {
    const asked = [
      // JSON lets a string have U+2028 as it is.
      { text: "one\u2028two" },
      { text: "a<|end|>", specialTokens: "match" },
      { text: "a<|end|>" },
      { text: "the", pair: "행성" },
      { text: "", addSpecialTokens: false },
    ] as const;
    const { stdout } = await encode(["--jsonl"], lines(asked));
    const expected = [
      tokenizer.encode("one\u2028two"),
      tokenizer.encode("a<|end|>", { specialTokens: "match" }),
      tokenizer.encode("a<|end|>"),
      tokenizer.encodeFull("the", "행성").ids,
      new Uint32Array(),
    ];
    expect(parse(stdout)).toEqual(expected.map((ids) => ({ ids: [...ids] })));
    const ids = [...expected[1]!];
    const back = await decode(["--jsonl"], lines([{ ids }, { ids, skipSpecialTokens: true }]));
    expect(parse(back.stdout)).toEqual([{ text: "a<|end|>" }, { text: "a" }]);
  });

  it("speak JSON", async () => {
    const { stdout } = await encode(["--json"], "Hi 행");
    const [{ ids }] = parse(stdout) as [{ ids: number[] }];
    const decoded = await decode(["--json"], ids.join("\n"));
    expect(parse(decoded.stdout)).toEqual([{ text: "Hi 행" }]);
  });

  it("--full gives every field, in the unit that is asked for", async () => {
    const asked = lines([{ text: "é", offsetUnit: "byte" }, { text: "é" }]);
    const { stdout } = await encode(["--jsonl", "--full"], asked);
    const [bytes, units] = parse(stdout) as Record<string, unknown>[];
    const fields = ["ids", "tokens", "offsets", "typeIds", "attentionMask", "specialTokensMask"];
    expect(Object.keys(bytes!)).toEqual(fields);
    expect(bytes!["offsets"]).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(units!["offsets"]).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it.each([
    ["text", undefined],
    ["match", 1],
  ] as const)("special tokens as %s", async (how, count) => {
    const { stdout } = await encode(["--special-tokens", how], "<|end|>");
    const expected = count ?? tokenizer.encode("<|end|>").length;
    expect(stdout.trim().split(" ")).toHaveLength(expected);
  });

  it("names ids that the tokenizer does not have", async () => {
    const { code, stdout, stderr } = await decode([], "34 9999 35");
    expect({ code, stdout }).toEqual({ code: 0, stdout: tokenizer.decode([34, 35]) });
    expect(stderr).toBe("left out: 9999; the tokenizer has no such ids (it has 300)\n");
  });
});

describe("a bad line stops with its number", () => {
  it.each([
    ["encode", "{", "line 3: not JSON"],
    ["encode", "[1]", "line 3: expected a JSON object, got [1]"],
    ["encode", '{"x":1}', "line 3: expected an object with a text"],
    ["encode", '{"text":1}', "line 3: text: expected a string, got 1"],
    ["encode", '{"text":"","pair":null}', "line 3: pair: expected a string, got null"],
    ["encode", '{"text":"","specialTokens":"x"}', "specialTokens: expected one of text, match"],
    ["encode", '{"text":"","addSpecialTokens":1}', "addSpecialTokens: expected a boolean, got 1"],
    ["encode", '{"text":"<|end|>","specialTokens":"refuse"}', "line 3: the text has the special"],
    ["encode", Buffer.from('{"text":"\xe9"}', "latin1"), "line 3: not UTF-8"],
    ["decode", '{"ids":"1"}', 'line 3: ids: expected a list of whole numbers, got "1"'],
    ["decode", '{"ids":[1.5]}', "line 3: ids: expected a list of whole numbers"],
    ["decode", '{"ids":[-1]}', "line 3: ids: expected a list of whole numbers"],
    ["decode", '{"text":"a"}', "line 3: ids: expected a list of whole numbers, got nothing"],
  ])("%s %s", async (command, bad, message) => {
    const good = command === "encode" ? '{"text":"a"}' : '{"ids":[5]}';
    const input = Buffer.concat([
      Buffer.from(`${good}\n\n`),
      Buffer.from(bad as string),
      Buffer.from(`\n${good}\n`),
    ]);
    const run = command === "encode" ? encode : decode;
    const { code, stdout, stderr } = await run(["--jsonl"], input);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(1);
    expect(parse(stdout)).toHaveLength(1);
  });
});

describe("input that cannot be read", () => {
  it.each<[string, string[], Input, string]>([
    ["a text that is not UTF-8", ["encode"], Buffer.from("a\xe9", "latin1"), "(byte 1)"],
    ["no text", ["encode"], "", "standard input is empty"],
    ["an empty file", ["encode", "empty.txt"], "", "empty.txt is empty"],
    ["a folder", ["encode", "--jsonl", "."], "", ". is a folder"],
    [
      "a refused token",
      ["encode", "--special-tokens", "refuse"],
      "a<|end|>",
      "standard input: the text has the special token",
    ],
    ["a word among the ids", ["decode"], "1 two 3", 'id 2: expected a whole number, got "two"'],
  ])("%s", async (_, [command, ...args], input, message) => {
    const all = [command!, "--tokenizer", "tokenizer.json", ...args];
    const { code, stdout, stderr } = await orrery(all, { cwd, input });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at |should not happen/m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  it.each([
    ["nowhere.json", "no such file: nowhere.json"],
    ["not-a-tokenizer.json", "tokenizer.json"],
    ["empty.txt", "tokenizer"],
  ])("a tokenizer at %s", async (path, message) => {
    const { code, stderr } = await orrery(["encode", "--tokenizer", path], { cwd, input: "a" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at |should not happen/m);
    expect(code).toBe(1);
  });

  it("a tokenizer in a folder is found", async () => {
    const { code } = await orrery(["encode", "--tokenizer", "."], { cwd, input: "a" });
    expect(code).toBe(0);
  });
});
