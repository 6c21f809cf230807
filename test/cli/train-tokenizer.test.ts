import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { orrery, type Outcome, scratchFolder, smallText, type Surroundings } from "./orrery.ts";

const cwd = scratchFolder();
const half = smallText.indexOf("\n", smallText.length / 2) + 1;
const latin1 = Buffer.from(`${smallText}caf\xe9 caf\xe9`, "latin1");
writeFileSync(join(cwd, "text.txt"), smallText);
writeFileSync(join(cwd, "first.txt"), smallText.slice(0, half));
writeFileSync(join(cwd, "second.txt"), smallText.slice(half));
writeFileSync(join(cwd, "empty.txt"), "");
writeFileSync(join(cwd, "latin1.txt"), latin1);
writeFileSync(join(cwd, "cut.txt"), Buffer.from([0x61, 0xe2, 0x82]));
writeFileSync(join(cwd, "utf16.txt"), Buffer.from("\uFEFFtext\n", "utf16le"));
mkdirSync(join(cwd, "folder"));

/** Learns a tokenizer of 300 tokens. */
function learn(args: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  const size = args.includes("--vocab-size") ? [] : ["--vocab-size", "300"];
  return orrery(["train-tokenizer", ...args, ...size], { cwd, ...around });
}

describe("orrery train-tokenizer", () => {
  it("learns the same from a file, from its parts, and from standard input", async () => {
    const ways: [args: string[], input: string][] = [
      [["text.txt", "--out", "whole.json"], ""],
      [["first.txt", "second.txt", "--out", "parts.json"], ""],
      [["--out", "input.json"], smallText],
      [["-", "--out", "new/folder/dash.json"], smallText],
    ];
    for (const [args, input] of ways) {
      // One after the other: each has the process to itself.
      // oxlint-disable-next-line no-await-in-loop
      const { code, stderr } = await learn(args, { input });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
    const [whole, ...others] = ["whole", "parts", "input", "new/folder/dash"].map((name) =>
      readFileSync(join(cwd, `${name}.json`), "utf8"),
    );
    expect(others).toEqual([whole, whole, whole]);
    expect((await Tokenizer.load(join(cwd, "whole.json"))).vocabSize).toBe(300);
  });

  it("gives special tokens the first ids", async () => {
    await learn(["text.txt", "--special", "<|a|>", "--special", "<|b|>", "--out", "special.json"]);
    const tokenizer = await Tokenizer.load(join(cwd, "special.json"));
    expect(["<|a|>", "<|b|>"].map((token) => tokenizer.tokenToId(token))).toEqual([0, 1]);
  });

  it("says when the text has fewer pairs than were asked for", async () => {
    const args = ["text.txt", "--vocab-size", "9000", "--out", "few.json"];
    expect((await learn(args)).stdout).toMatch(
      /few\.json: \d+ tokens .*9000 were asked for; the text has no more pairs/,
    );
    const { vocabSize } = await Tokenizer.load(join(cwd, "few.json"));
    const { stdout } = await learn([...args, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ file: "few.json", vocabSize });
  });

  it("merges rarer pairs only if asked", async () => {
    const sizes: number[] = [];
    for (const frequency of ["2", "50"]) {
      const args = ["text.txt", "--vocab-size", "9000", "--min-frequency", frequency];
      // oxlint-disable-next-line no-await-in-loop
      const { stdout } = await learn([...args, "--out", "rare.json", "--json"]);
      sizes.push((JSON.parse(stdout) as { vocabSize: number }).vocabSize);
    }
    expect(sizes[0]).toBeGreaterThan(sizes[1]!);
  });

  it("draws progress on a terminal only, and clears it", async () => {
    const { stderr } = await learn(["text.txt", "--out", "bar.json"], { isTTY: true });
    expect(stderr.startsWith("\r\u001B[K")).toBe(true);
    expect(stderr).toMatch(/[█░]{16} +\d+% /);
    expect(stderr.endsWith("\r\u001B[K")).toBe(true);
  });

  it("replaces what is not UTF-8 with --lossy", async () => {
    const { code, stderr } = await learn(["latin1.txt", "--lossy", "--out", "lossy.json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it.each<[string, string[], string]>([
    ["a missing file", ["nowhere.txt"], "no such file: nowhere.txt"],
    ["one missing file of two", ["text.txt", "nowhere.txt"], "no such file: nowhere.txt"],
    ["an empty file", ["empty.txt"], "empty.txt is empty"],
    ["empty standard input", [], "standard input is empty"],
    ["a folder", ["folder"], "folder is a folder, not a file"],
    ["another encoding", ["latin1.txt"], `(byte ${smallText.length + 3})`],
    ["another encoding, with the remedy", ["latin1.txt"], "latin1.txt: not UTF-8"],
    ["a character that is cut off", ["cut.txt"], "(byte 1)"],
    ["UTF-16", ["utf16.txt"], "it looks like UTF-16"],
    [
      "a vocabulary below the alphabet",
      ["text.txt", "--special", "<|end|>", "--vocab-size", "256"],
      "at least 257 (256 bytes and 1 special tokens), got 256",
    ],
  ])("refuses %s and writes nothing", async (_, args, message) => {
    const before = readdirSync(cwd);
    const { code, stdout, stderr } = await learn([...args, "--out", "no/t.json"]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readdirSync(cwd)).toEqual(before);
  });

  it.each([
    ["a folder", "folder", "folder is a folder"],
    ["something below a file", "text.txt/t.json", "text.txt/t.json could not be written"],
  ])("cannot write to %s", async (_, out, message) => {
    const { code, stderr } = await learn(["text.txt", "--out", out]);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(readFileSync(join(cwd, "text.txt"), "utf8")).toBe(smallText);
    expect(readdirSync(join(cwd, "folder"))).toEqual([]);
  });
});
