import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer, trainTokenizer } from "orrery-lm/tokenizers";
import { describe, expect, it } from "vitest";
import { orrery, type Outcome, scratchFolder, smallText, type Surroundings } from "./orrery.ts";

const cwd = scratchFolder();
const lines = smallText.split(/(?<=\n)/);
mkdirSync(join(cwd, "shards"));
mkdirSync(join(cwd, "there"));
writeFileSync(join(cwd, "text.txt"), smallText);
for (const shard of [0, 1, 2]) {
  const own = lines.filter((_, i) => i % 3 === shard);
  writeFileSync(join(cwd, `shards/${shard}.txt`), own.join(""));
}
writeFileSync(
  join(cwd, "text.jsonl"),
  lines.map((line) => `${JSON.stringify({ body: line })}\n`).join(""),
);
writeFileSync(join(cwd, "rules.tsv"), "0061\t0062\n");
writeFileSync(join(cwd, "long.txt"), `${smallText}${"long ".repeat(2000)}\n`);

const run = (command: string, around: Surroundings = {}): Promise<Outcome> =>
  orrery(command.split(" "), { cwd, ...around });
const read = (name: string): Buffer => readFileSync(join(cwd, name));

async function succeed(command: string, around: Surroundings = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, around);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describe("orrery count-words", () => {
  it("counts the same whole, in parts that are merged, from JSON Lines and with more workers", async () => {
    await succeed("count-words text.txt --out whole.counts");
    for (const shard of [0, 1, 2]) {
      // oxlint-disable-next-line no-await-in-loop -- each has the process to itself
      await succeed(`count-words shards/${shard}.txt --out ${shard}.counts`);
    }
    await succeed("count-words --merge 2.counts 0.counts 1.counts --out merged.counts");
    await succeed("count-words shards/*.txt --out glob.counts");
    await succeed("count-words text.jsonl --field body --out json.counts");
    await succeed("count-words --out input.counts", { input: smallText });
    await succeed("count-words text.txt --workers 2 --out workers.counts");
    for (const name of ["merged", "glob", "json", "input", "workers"]) {
      expect(read(`${name}.counts`), name).toEqual(read("whole.counts"));
    }
  });

  it.each([
    "--vocab-size 300",
    "--algorithm wordpiece --lowercase no --vocab-size 200",
    "--algorithm unigram --vocab-size 100 --normalization identity",
    "--algorithm sentencepiece-bpe --vocab-size 100 --normalization identity",
  ])("is the first half of train-tokenizer %s", async (options) => {
    const words = options.replace(/ ?--vocab-size \d+/, "").trim();
    await succeed(`count-words text.txt ${words} --out half.counts`.replaceAll("  ", " "));
    await succeed(`train-tokenizer --counts half.counts ${options} --out half.json`);
    await succeed(`train-tokenizer text.txt ${options} --out direct.json`);
    expect(read("half.json")).toEqual(read("direct.json"));
  });

  it("says what it counted, for people and for machines", async () => {
    const counting = "count-words text.txt --out said.counts";
    const [, words, occurrences] = /^said\.counts: (\d+) words that occur (\d+) times\n$/.exec(
      await succeed(counting),
    )!;
    expect(JSON.parse(await succeed(`${counting} --json`))).toEqual({
      file: "said.counts",
      words: Number(words),
      occurrences: Number(occurrences),
      dropped: { words: 0, occurrences: 0, threshold: 1 },
      leftOut: {},
    });
    expect(Number(occurrences)).toBeGreaterThan(Number(words));
  });

  it("says what it dropped and left out", async () => {
    const dropping = await succeed("count-words text.txt --max-words 40 --out dropped.counts");
    expect(dropping).toMatch(
      /; \d+ words that occurred less than \d+ times dropped \(\d+ in all\)/,
    );
    const leaving = "--algorithm unigram --normalization identity --out left.counts";
    expect(await succeed(`count-words long.txt ${leaving}`)).toContain(
      "; 1 lines longer than 4192 bytes left out",
    );
    // The file tells who trains from it.
    const training =
      "--algorithm unigram --normalization identity --vocab-size 100 --out left.json";
    expect(await succeed(`train-tokenizer --counts left.counts ${training}`)).toContain(
      "1 lines longer than 4192 bytes left out\n",
    );
  });

  it.each([
    ["count-words --merge --out x", 2, "--merge needs files of counts"],
    ["count-words --merge text.txt --out x", 1, "text.txt: word counts: expected"],
    [
      "count-words text.txt --algorithm wordpiece --pattern gpt2 --out x",
      2,
      "--pattern belongs to",
    ],
    ["count-words text.txt --score ratio --out x", 2, "there is no option --score"],
    ["count-words text.txt --pattern gpt22 --out x", 1, "expected a pattern by name (whitespace, "],
  ])("refuses %s", async (command, code, message) => {
    const before = readdirSync(cwd);
    const outcome = await run(command);
    expect(outcome.stderr).toContain(message);
    expect(outcome.stderr).not.toMatch(/^ {4}at /m);
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(readdirSync(cwd)).toEqual(before);
  });
});

describe("orrery train-tokenizer of every algorithm", () => {
  it("refuses counts that were cut in another way", async () => {
    await succeed("count-words text.txt --out gpt2.counts");
    const { code, stderr } = await run(
      "train-tokenizer --counts gpt2.counts --pattern cl100k --vocab-size 300 --out x.json",
    );
    expect(stderr).toContain("count them with the options of the training");
    expect(code).toBe(1);
  });

  it.each<[string, Parameters<typeof trainTokenizer>[1]]>([
    [
      "--symbols characters --end-of-word </w> --tie-break lexMax --merges 50 --min-frequency 3",
      {
        symbols: "characters",
        endOfWord: { kind: "glued", marker: "</w>" },
        tieBreak: "lexMax",
        merges: 50,
        minFrequency: 3,
      },
    ],
    [
      "--pattern cl100k --normalizer NFKC --normalizer Lowercase --max-token-length 4 --vocab-size 300",
      {
        pattern: "cl100k",
        normalizer: { type: "Sequence", normalizers: [{ type: "NFKC" }, { type: "Lowercase" }] },
        maxTokenLength: 4,
        vocabSize: 300,
      },
    ],
    [
      "--algorithm wordpiece --score likelihood --min-gain 5 --limit-alphabet 30 --initial-alphabet xyz " +
        "--lowercase no --strip-accents yes --vocab-size 200",
      {
        algorithm: "wordpiece",
        score: "likelihood",
        minGain: 5,
        limitAlphabet: 30,
        initialAlphabet: ["x", "y", "z"],
        lowercase: false,
        stripAccents: true,
        vocabSize: 200,
      },
    ],
    [
      "--algorithm unigram --character-coverage 0.99 --byte-fallback --split-digits " +
        "--max-token-length 8 --add-dummy-prefix no --user-defined-symbol <x> --vocab-size 400 " +
        "--hard-vocab-limit no --shrinking-factor 0.8 --normalization rules.tsv",
      {
        algorithm: "unigram",
        characterCoverage: 0.99,
        byteFallback: true,
        splitDigits: true,
        maxSentencepieceLength: 8,
        addDummyPrefix: false,
        userDefinedSymbols: ["<x>"],
        vocabSize: 400,
        hardVocabLimit: false,
        shrinkingFactor: 0.8,
        normalization: { tsv: "0061\t0062\n" },
      },
    ],
  ])("%s", async (options, same) => {
    await succeed(`train-tokenizer text.txt ${options} --out options.json`);
    const expected = (await trainTokenizer(lines, same)).save("tokenizer.json")["tokenizer.json"]!;
    expect(read("options.json").equals(expected)).toBe(true);
  });

  it("goes on from a tokenizer", async () => {
    await succeed("train-tokenizer shards/0.txt --vocab-size 270 --out small.json");
    await succeed("train-tokenizer text.txt --from small.json --vocab-size 300 --out more.json");
    const [small, more] = await Promise.all(
      ["small.json", "more.json"].map((name) => Tokenizer.load(join(cwd, name))),
    );
    expect([small!.vocabSize, more!.vocabSize]).toEqual([270, 300]);
    for (let id = 0; id < 270; id++) expect(more!.idToToken(id)).toBe(small!.idToToken(id));
  });

  it.each<[string, string[]]>([
    [
      "--algorithm unigram --normalization identity --vocab-size 100 --out written/a.model",
      ["a.model"],
    ],
    ["--vocab-size 300 --out written/b.tiktoken", ["b.tiktoken"]],
    ["--vocab-size 300 --format vocab --out written", ["merges.txt", "vocab.json"]],
    ["--algorithm wordpiece --vocab-size 200 --format vocab --out written/c.txt", ["c.txt"]],
    ["--vocab-size 300 --format tokenizer.json --out written/", ["tokenizer.json"]],
  ])("writes %s", async (options, files) => {
    await succeed(`train-tokenizer text.txt ${options}`);
    expect(readdirSync(join(cwd, "written"))).toEqual(expect.arrayContaining(files));
    const source = options.includes("--format")
      ? Object.fromEntries(
          files.map((name) => [name === "c.txt" ? "vocab.txt" : name, read(`written/${name}`)]),
        )
      : join(cwd, "written", files[0]!);
    const rank = options.includes(".tiktoken") ? { pattern: "gpt2" } : {};
    const tokenizer = await Tokenizer.load(source, rank);
    expect(tokenizer.decode(tokenizer.encode("the sun"), { skipSpecialTokens: true })).toBe(
      "the sun",
    );
  });

  it.each([
    ["--out x.json", 2, "--vocab-size N is missing"],
    [
      "--algorithm unigram --merges 3 --out x.json",
      2,
      "--merges belongs to --algorithm bpe, not to unigram",
    ],
    ["--vocab-size 300 --score ratio --out x.json", 2, "--score belongs to --algorithm wordpiece"],
    [
      "--vocab-size 300 --byte-fallback --out x.json",
      2,
      "belongs to --algorithm unigram, sentencepiece-bpe",
    ],
    ["--vocab-size 300 --out x.model", 2, "is for unigram, sentencepiece-bpe, not for bpe"],
    [
      "--vocab-size 300 --merges 3 --out x.json",
      1,
      "expected --vocab-size or merges, and not both",
    ],
    [
      "--vocab-size 300 --end-of-word </w> --out x.json",
      1,
      '--end-of-word has no meaning together with symbols "bytes"',
    ],
    [
      "--vocab-size 300 --end-of-word a --separate-end-of-word b --out x.json",
      2,
      "give --end-of-word or --separate-end-of-word, not both",
    ],
    ["--vocab-size 300 --normalizer Bert --out x.json", 2, "--normalizer: expected one of NFC, "],
    ["--vocab-size 300 --counts a.counts --out x.json", 2, "--counts stands in place of texts"],
    [
      "--vocab-size 300 --format vocab --out text.txt/no.txt",
      1,
      "is one file, and there are vocab.json and merges.txt",
    ],
  ])("refuses %s", async (options, code, message) => {
    const outcome = await run(`train-tokenizer text.txt ${options}`);
    expect(outcome.stderr).toContain(message);
    expect(outcome).toMatchObject({ code, stdout: "" });
  });
});
