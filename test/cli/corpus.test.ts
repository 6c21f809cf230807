import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { Corpus, type CorpusOptions } from "../../src/cli/corpus/corpus.ts";
import { expandGlobs, matches } from "../../src/cli/corpus/expand-globs.ts";
import { readLines } from "../../src/cli/corpus/read-lines.ts";
import { scratchFolder } from "./orrery.ts";

const folder = scratchFolder();
const jsonLines = '{"text":"one\\ntwo","body":"b"}\n\n{"body":"c","text":"中 \u2028 3"}';
const files: Record<string, string | Uint8Array> = {
  "a.txt": "first\nsecond\r\nthird",
  "mark.txt": "\uFEFFa\n\uFEFFb\n",
  "a.txt.gz": gzipSync("zipped\nlines\n"),
  "broken.txt.gz": gzipSync("zipped\nlines\n".repeat(99)).subarray(0, 40),
  "no.txt.gz": "text",
  "t.jsonl": jsonLines,
  "t.NDJSON": jsonLines,
  "t.jsonl.gz": gzipSync(jsonLines),
  "t.parquet": new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "text", data: ["p", "q\nr"] },
        { name: "body", data: ["x", "y"] },
      ],
    }),
  ),
  "list.jsonl": '{"text":"a"}\n[1]\n',
  "half.jsonl": '{"text":"a"}\n\n{"text":\n',
  "number.jsonl": '{"text":7}\n',
  "other.jsonl": '{"title":"a","body":"b"}\n',
  "empty.txt": "",
  "latin1.txt": Buffer.from("good\nline\ncaf\xe9\n", "latin1"),
  "deep/b.txt": "b\n",
  "deep/er/c.txt": "c\n",
  "deep/er/d.md": "d\n",
  "deep/.hidden/e.txt": "e\n",
  "deep/.f.txt": "f\n",
  "odd/[1]*.txt": "odd\n",
};
for (const [name, contents] of Object.entries(files)) {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), contents);
}
symlinkSync("..", join(folder, "deep/circle"));

async function collect(texts: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const text of texts) all.push(text);
  return all;
}

interface Given extends Partial<CorpusOptions> {
  readonly input?: string;
}

function open({ input = "", files: paths = [], ...options }: Given): Promise<Corpus> {
  return Corpus.open(
    {
      files: paths.map((path) => (path === "-" ? path : join(folder, path))),
      field: "text",
      isJsonLines: false,
      isLossy: false,
      ...options,
    },
    {
      stdin: Readable.from(input === "" ? [] : [Buffer.from(input)], { objectMode: false }),
      stdout: new Writable(),
      stderr: new Writable(),
      catchInterrupts: () => ({ signal: new AbortController().signal, release: () => {} }),
    },
  );
}

const objects = ["one\ntwo", "中 \u2028 3"];

describe("Corpus", () => {
  it.each<[string, Given, string[]]>([
    ["lines with their ends", { files: ["a.txt"] }, ["first\n", "second\r\n", "third"]],
    ["no mark at the start, and one elsewhere", { files: ["mark.txt"] }, ["a\n", "\uFEFFb\n"]],
    ["one file after the other", { files: ["deep/b.txt", "deep/er/c.txt"] }, ["b\n", "c\n"]],
    ["zipped text", { files: ["a.txt.gz"] }, ["zipped\n", "lines\n"]],
    ["JSON Lines", { files: ["t.jsonl"] }, objects],
    ["JSON Lines, zipped", { files: ["t.jsonl.gz"] }, objects],
    ["JSON Lines by their other name", { files: ["t.NDJSON"] }, objects],
    ["another field", { files: ["t.jsonl"], field: "body" }, ["b", "c"]],
    ["Parquet", { files: ["t.parquet"] }, ["p", "q\nr"]],
    ["another column", { files: ["t.parquet"], field: "body" }, ["x", "y"]],
    ["standard input", { files: ["-"], input: "x\ny" }, ["x\n", "y"]],
    [
      "JSON Lines from standard input",
      { files: ["-"], input: jsonLines, isJsonLines: true },
      objects,
    ],
    [
      "replaced bytes",
      { files: ["latin1.txt"], isLossy: true },
      ["good\n", "line\n", "caf\uFFFD\n"],
    ],
  ])("reads %s", async (_, given, expected) => {
    const corpus = await open(given);
    expect(await collect(corpus.texts())).toEqual(expected);
    expect(corpus.textsRead).toBe(expected.length);
    expect(corpus.charactersRead).toBe(expected.join("").length);
    const isKnown = !given.files!.includes("-");
    expect(corpus.fraction).toBeCloseTo(isKnown ? 1 : 0);
  });

  it.each<[string, Given, string]>([
    ["a list for an object", { files: ["list.jsonl"] }, "list.jsonl, line 2: expected a JSON obj"],
    ["half an object", { files: ["half.jsonl"] }, "half.jsonl, line 3: not JSON: "],
    ["a number for a text", { files: ["number.jsonl"] }, "line 1: text: expected a string, got 7"],
    [
      "another field",
      { files: ["other.jsonl"] },
      'line 1: there is no field "text", there are ["title","body"]; --field names another',
    ],
    ["no such column", { files: ["t.parquet"], field: "z" }, 'there is no column "z"'],
    [
      "what is no JSON from standard input",
      { files: ["-"], input: "x", isJsonLines: true },
      "standard input, line 1",
    ],
    ["Latin-1, with its place", { files: ["latin1.txt"] }, "latin1.txt: not UTF-8"],
    ["Latin-1, with its place in bytes", { files: ["latin1.txt"] }, "(byte 13)"],
    [
      "a zipped file that ends early",
      { files: ["broken.txt.gz"] },
      "it cannot be unzipped: unexpected end",
    ],
    [
      "a zipped file that is none",
      { files: ["no.txt.gz"] },
      "it cannot be unzipped: incorrect header",
    ],
  ])("refuses %s", async (_, given, message) => {
    const corpus = await open(given);
    await expect(collect(corpus.texts())).rejects.toThrow(message);
  });

  it.each([
    ["nowhere.txt", "no such file"],
    ["empty.txt", "empty.txt is empty"],
    ["deep", "is a folder, not a file"],
    ["*.csv", "no file matches"],
  ])("refuses %s before it reads anything", async (path, message) => {
    await expect(open({ files: ["a.txt", path] })).rejects.toThrow(message);
  });
});

describe("readLines", () => {
  const bytes = new TextEncoder().encode("\uFEFFé\n\n中😀 and more\r\nend 😀");
  const lines = ["é\n", "\n", "中😀 and more\r\n", "end 😀"];

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))("cuts chunks of %i bytes", async (size) => {
    const buffer = new Uint8Array(size); // one memory for all, as some streams do
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) {
        const part = bytes.subarray(at, at + size);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
      }
    }
    expect(await collect(readLines(chunks(), { name: "x", isLossy: false }))).toEqual(lines);
  });

  it("counts bad bytes from the start of the file", async () => {
    const chunks = [Buffer.from("ab\ncd"), Buffer.from("e\nf"), Buffer.from([0x67, 0xff, 0x0a])];
    const reading = collect(readLines(chunks, { name: "x", isLossy: false }));
    await expect(reading).rejects.toThrow("(byte 9)");
  });

  it("refuses a line that no string can hold", async () => {
    const chunk = new Uint8Array(2 ** 24).fill(0x61);
    const chunks = Array.from({ length: 17 }, () => chunk);
    const reading = collect(readLines(chunks, { name: "x", isLossy: false }));
    await expect(reading).rejects.toThrow("x: the line at byte 0 is longer than 268435456 bytes");
  });
});

describe("expandGlobs", () => {
  it.each<[string, string[]]>([
    ["a.txt", ["a.txt"]],
    ["*.jsonl", ["half.jsonl", "list.jsonl", "number.jsonl", "other.jsonl", "t.jsonl"]],
    ["?.txt", ["a.txt"]],
    ["deep/*", ["deep/b.txt"]],
    ["deep/**/*.txt", ["deep/b.txt", "deep/er/c.txt"]],
    ["deep/**/er/*", ["deep/er/c.txt", "deep/er/d.md"]],
    ["deep/er/**", ["deep/er/c.txt", "deep/er/d.md"]],
    ["d*/e?/*.md", ["deep/er/d.md"]],
    ["deep/.*.txt", ["deep/.f.txt"]],
    ["deep/.hid*/*", ["deep/.hidden/e.txt"]],
    ["deep/circle/a.t?t", ["deep/circle/a.txt"]],
    ["odd/../a.t?t", ["odd/../a.txt"]],
    // A path that is there is no pattern, whatever its letters are.
    ["odd/[1]*.txt", ["odd/[1]*.txt"]],
  ])("%s", async (pattern, expected) => {
    const found = await expandGlobs([join(folder, "x").slice(0, -1) + pattern]);
    expect(found.map((path) => path.slice(folder.length + 1))).toEqual(expected);
  });

  it.each([
    ["abc", "a*c", true],
    ["ac", "a*c", true],
    ["acb", "a*c", false],
    ["aXbXc", "a*b*c", true],
    ["a", "?", true],
    ["", "?", false],
    ["", "*", true],
    [".a", "*", false],
    ["a".repeat(200), `${"a*".repeat(50)}b`, false],
  ])("%s matches %s: %s", (name, pattern, expected) => {
    expect(matches(name, pattern)).toBe(expected);
  });
});
