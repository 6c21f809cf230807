import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { orrery, type Outcome, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
const settings =
  "--layers 1 --hidden-size 16 --heads 2 --vocab-size 270 --steps 4 --batch-size 2 --sequence-length 16";
beforeAll(async () => {
  writeFileSync(join(cwd, "text.txt"), smallText);
  writeFileSync(join(cwd, "short.txt"), "cat");
  for (const position of ["rope", "learned"]) {
    const out = ["--out", position, "--position", position];
    // One after the other: both would use every core.
    // oxlint-disable-next-line no-await-in-loop
    await orrery(["train", "text.txt", ...out, ...settings.split(" ")], { cwd });
  }
});

const run = (...args: string[]): Promise<Outcome> => orrery(args, { cwd });

describe("orrery eval", () => {
  it("reads at each length, windows apart and sliding", async () => {
    const { code, stdout, stderr } = await run("eval", "rope", "text.txt", "--length", "16,32");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout.trimEnd().split("\n").slice(1);
    expect(rows.map((row) => row.trim().split(/\s+/).slice(0, 3))).toEqual([
      ["16", "apart", "16"],
      ["16", "sliding", "4"],
      ["32", "apart", "32"],
      ["32", "sliding", "8"],
    ]);
  });

  it("gives the same as JSON, from standard input, with the loss per position", async () => {
    const args = ["eval", "rope", "--length", "16", "--tokens", "160", "--json", "--per-position"];
    const { stdout } = await orrery(args, { cwd, input: smallText });
    const { readings } = JSON.parse(stdout) as {
      readings: { loss: number; tokens: number; perPosition: number[] }[];
    };
    const [apart] = readings;
    expect(apart!.tokens).toBe(160);
    expect(apart!.perPosition).toHaveLength(16);
    const mean = apart!.perPosition.reduce((a, b) => a + b, 0) / 16;
    expect(apart!.loss).toBeCloseTo(mean, 10);
    // Four steps are not enough to be far from guessing.
    expect(apart!.loss).toBeCloseTo(Math.log(270), 0);
  });

  it("reads a learned table up to its end", async () => {
    const inside = await run("eval", "learned", "text.txt", "--length", "16");
    expect(inside.code).toBe(0);
    const past = await run("eval", "learned", "text.txt", "--length", "16,17");
    expect(past).toMatchObject({ code: 1, stdout: "" });
    expect(past.stderr).toMatch(/17 tokens is past .*learned positions, which has 16 rows/);
  });

  it.each<[string, string[], number, RegExp]>([
    ["a text that is too short", ["rope", "short.txt"], 1, /at least 17 tokens.*got \d/],
    ["a missing text", ["rope", "nowhere.txt"], 1, /no such file: nowhere\.txt/],
    ["a missing folder", ["nowhere", "text.txt"], 1, /no such folder: nowhere/],
    ["a file as folder", ["text.txt", "text.txt"], 1, /text\.txt is not a run/],
    ["a folder that is no run", [".", "text.txt"], 1, /has no config\.json/],
    [
      "a stride past the length",
      ["rope", "text.txt", "--length", "8", "--stride", "9"],
      2,
      /--stride: expected at most the length 8, got 9/,
    ],
  ])("refuses %s", async (_, args, code, message) => {
    const ran = await run("eval", ...args);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^ {4}at |should not happen/m);
  });
});

describe("orrery generate", () => {
  const generate = (...args: string[]): Promise<Outcome> =>
    run("generate", "rope", "--prompt", "The cat", "--max-new-tokens", "12", ...args);

  it("prints the prompt and what is added, the same for the same seed", async () => {
    const [a, b, other] = await Promise.all([
      generate("--seed", "7"),
      generate("--seed", "7"),
      generate("--seed", "8"),
    ]);
    expect({ code: a.code, stderr: a.stderr }).toEqual({ code: 0, stderr: "" });
    expect(a.stdout).toMatch(/^The cat[^]+\n$/);
    expect(b).toEqual(a);
    expect(other.stdout).not.toBe(a.stdout);
  });

  it("takes the likeliest token at temperature 0, whatever the seed", async () => {
    const [a, b] = await Promise.all([
      generate("--temperature", "0", "--seed", "1"),
      generate("--temperature", "0", "--seed", "2"),
    ]);
    expect(b).toEqual(a);
    expect(await generate("--top-k", "1")).toEqual(a);
  });

  it("tells prompt, text and ids as JSON", async () => {
    const { stdout } = await generate("--json");
    const told = JSON.parse(stdout) as { prompt: string; text: string; ids: number[] };
    expect(told.prompt).toBe("The cat");
    expect(told.ids).toHaveLength(12);
    expect((await generate()).stdout).toBe(`${told.prompt}${told.text}\n`);
  });

  it("reads the prompt from standard input", async () => {
    const args = ["generate", "rope", "--max-new-tokens", "12"];
    expect(await orrery(args, { cwd, input: "The cat\n" })).toEqual(await generate());
  });

  it("ends before a stop text", async () => {
    const whole = JSON.parse((await generate("--json")).stdout) as { text: string };
    const [first, second] = [whole.text.slice(4, 7), whole.text.slice(8, 10)];
    const { code, stdout } = await generate("--stop", second, "--stop", first);
    const end = Math.min(whole.text.indexOf(first), whole.text.indexOf(second));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `The cat${whole.text.slice(0, end)}\n` });
  });

  it("chooses only what --min-p and --repetition-penalty leave", async () => {
    const greedy = await generate("--temperature", "0");
    expect(await generate("--min-p", "1")).toEqual(greedy);
    expect(await generate("--temperature", "0", "--repetition-penalty", "9")).not.toEqual(greedy);
  });

  it("finds the likeliest text with beams, the greedy one with one", async () => {
    expect(await generate("--beams", "1")).toEqual(await generate("--temperature", "0"));
    const { code, stdout } = await generate("--beams", "3", "--json");
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { ids: number[] }).ids).toHaveLength(12);
  });

  it("refuses to draw with beams", async () => {
    const { code, stderr } = await generate("--beams", "2", "--top-k", "3", "--stop", "a");
    expect(code).toBe(2);
    expect(stderr).toMatch(/--beams .* leave out --top-k, --stop/);
  });

  it("goes on past a learned table by reading the last tokens", async () => {
    const prompt = ["--prompt", "The cat sat on the mat", "--max-new-tokens", "30"];
    expect((await run("generate", "learned", ...prompt)).code).toBe(0);
  });

  it.each<[string, string[], RegExp]>([
    ["an empty prompt", ["--prompt", ""], /the prompt is empty/],
    ["nothing on standard input", [], /standard input is empty/],
    ["a temperature below zero", ["--prompt", "a", "--temperature", "-1"], /0 or more, got -1/],
    ["a fraction past one", ["--prompt", "a", "--min-p", "2"], /from 0 to 1, got 2/],
    ["no penalty at all", ["--prompt", "a", "--repetition-penalty", "0"], /more than 0, got 0/],
    ["an empty stop", ["--prompt", "a", "--stop", ""], /expected texts, got an empty one/],
    ["no probability at all", ["--prompt", "a", "--top-p", "0"], /more than 0 .* got 0/],
  ])("refuses %s", async (_, args, message) => {
    const ran = await run("generate", "rope", ...args);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^ {4}at |should not happen/m);
  });
});
