import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer, compare } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, it } from "vitest";
import { showStretches, tokenStretches } from "../../src/cli/token-text.ts";
import { orrery, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
const text = "The planets turn 🪐 and\nturn.";
let small: Tokenizer;

beforeAll(async () => {
  const train = (size: number): Promise<unknown> =>
    orrery(["train-tokenizer", "--vocab-size", `${size}`, "--out", `${size}.json`], {
      cwd,
      input: smallText,
    });
  await train(300);
  await train(500);
  small = await Tokenizer.load(join(cwd, "300.json"));
  writeFileSync(join(cwd, "text.txt"), text);
  const ranks = Array.from({ length: 256 }, (_, i) => `${btoa(String.fromCharCode(i))} ${i}\n`);
  writeFileSync(join(cwd, "bytes.tiktoken"), ranks.join(""));
  writeFileSync(join(cwd, "ranks.bin"), ranks.join(""));
  writeFileSync(join(cwd, "words"), "[UNK]\n[CLS]\n[SEP]\nThe\nthe\nplanets\n");
});

const tokens = (args: readonly string[], input = "") => orrery(["tokens", ...args], { cwd, input });

describe("orrery tokens", () => {
  it("shows the tokens of a file and measures them", async () => {
    const { code, stdout, stderr } = await tokens(["text.txt", "--tokenizer", "300.json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replaceAll(/[│⁰¹²³⁴⁵⁶⁷⁸⁹]/g, "").startsWith(`${text}\n\n`)).toBe(true);
    expect(stdout).toContain("🪐⁴");
    expect(stdout).toMatch(/300\.json +300 +\d+ /);
  });

  it("compares tokenizers, with numbers for machines", async () => {
    const args = ["text.txt", "--tokenizer", "300.json", "--tokenizer", "500.json", "--json"];
    const rows = JSON.parse((await tokens(args)).stdout);
    const large = await Tokenizer.load(join(cwd, "500.json"));
    const [first, second] = compare([text], [small, large]);
    expect(rows).toEqual([
      { tokenizer: "300.json", ...first },
      { tokenizer: "500.json", ...second },
    ]);
  });

  it("counts, and gives rules to rank files only", async () => {
    const both = ["--tokenizer", "bytes.tiktoken", "--tokenizer", "300.json"];
    const { stdout } = await tokens([...both, "--pattern", "gpt2", "--count"], text);
    expect(stdout).toBe(`${new TextEncoder().encode(text).length}\n${small.count(text)}\n`);
  });

  it.each([
    [["--tokenizer", "ranks.bin", "--pattern", "gpt2", "--special", "<x>=300"], "<x>", [3]],
    [["--tokenizer", "ranks.bin", "--tokenizer", "300.json", "--pattern", "gpt2"], "t", [1, 1]],
    [["--tokenizer", "words", "--tokenizer", "300.json", "--cased"], "t", [1, 1]],
  ])("gives rules by what is in a file, not by its name: %j", async (args, input, counts) => {
    const { stdout, stderr } = await tokens([...args, "--count", "--json"], input);
    expect([JSON.parse(stdout || "null"), stderr]).toEqual([counts, ""]);
  });

  it("gives --cased to a vocab.txt", async () => {
    const shown = async (...more: string[]): Promise<unknown> => {
      const both = ["--tokenizer", "words", "--tokenizer", "ranks.bin", "--pattern", "gpt2"];
      const { stdout } = await tokens([...both, "--explain", "--json", ...more], "The");
      return JSON.stringify(JSON.parse(stdout)[0]);
    };
    expect(await shown("--cased")).not.toBe(await shown());
  });

  it("shows the first 2000 characters unless all are asked for", async () => {
    const long = "turn ".repeat(1000);
    const short = await tokens(["--tokenizer", "300.json"], long);
    const whole = await tokens(["--tokenizer", "300.json", "--all"], long);
    const count = (output: string): number => output.split("turn").length - 1;
    expect(count(short.stdout.replaceAll("│", ""))).toBe(400);
    expect(count(whole.stdout.replaceAll("│", ""))).toBe(1000);
    expect(short.stdout).toContain("--all shows all");
  });

  it.each([
    [["text.txt"], 2, "--tokenizer PATH is missing"],
    [["text.txt", "--tokenizer", "bytes.tiktoken"], 1, "name it: --pattern cl100k"],
    [["text.txt", "--tokenizer", "nowhere.json"], 1, "nowhere.json"],
    [["--tokenizer", "300.json", "--pattern", "gpt2"], 1, "has a pattern of its own"],
    [["--tokenizer", "300.json", "--cased"], 1, "leave out lowercase"],
    [
      ["--tokenizer", "300.json", "--tokenizer", "500.json", "--pattern", "gpt2", "--cased"],
      2,
      "--pattern and --cased: none of these tokenizers needs it",
    ],
    [["--tokenizer", "bytes.tiktoken", "--special", "x"], 2, "--special: expected TOKEN=ID"],
  ])("%j fails clearly", async (args, code, message) => {
    const outcome = await tokens(args, text);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });
});

describe("token stretches", () => {
  const stretches = (of: string, offsets: (readonly [number, number])[]) =>
    tokenStretches(of, { ...small.encodeFull(""), offsets });

  it.each<[string, (readonly [number, number])[], [string, number][]]>([
    [
      "ab",
      [
        [0, 1],
        [1, 2],
      ],
      [
        ["a", 1],
        ["b", 1],
      ],
    ],
    [
      "🪐b",
      [
        [0, 2],
        [0, 2],
        [2, 3],
      ],
      [
        ["🪐", 2],
        ["b", 1],
      ],
    ],
    [
      "🪐b",
      [
        [0, 0],
        [0, 2],
        [2, 3],
      ],
      [
        ["🪐", 2],
        ["b", 1],
      ],
    ],
    [
      "a  b ",
      [
        [0, 1],
        [3, 4],
      ],
      [
        ["a", 1],
        ["  b ", 1],
      ],
    ],
    ["a", [], []],
  ])("of %j with %j", (of, offsets, expected) => {
    expect(stretches(of, offsets).map((s) => [s.text, s.tokens])).toEqual(expected);
  });

  it("have colors of their own, and line breaks none", () => {
    const shown = showStretches(
      [
        { text: "a\n", tokens: 1 },
        { text: "b", tokens: 12 },
      ],
      true,
    );
    expect(shown.split("\u001B").map((part) => part.replace(/^\[[\d;]*m/, ""))).toEqual([
      "",
      "a",
      "",
      "⏎",
      "\n",
      "b¹²",
      "",
    ]);
    expect(new Set(shown.match(/48;5;\d+/g)).size).toBe(2);
  });
});
