import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepMetrics } from "orrery-lm/training";
import { beforeAll, describe, expect, it } from "vitest";
import { orrery, type Outcome, scratchFolder, smallText, type Surroundings } from "./orrery.ts";

const cwd = scratchFolder();
writeFileSync(join(cwd, "text.txt"), smallText);
writeFileSync(join(cwd, "other.txt"), smallText.replaceAll("e", "a"));
writeFileSync(join(cwd, "empty.txt"), "");
writeFileSync(join(cwd, "latin1.txt"), Buffer.from(`${smallText}caf\xe9`, "latin1"));
mkdirSync(join(cwd, "folder"));

const small: Readonly<Record<string, string>> = {
  layers: "1",
  "hidden-size": "16",
  heads: "2",
  "vocab-size": "270",
  steps: "4",
  "batch-size": "2",
  "sequence-length": "16",
};

/** Trains a small decoder; `change` adds options, or takes away those that are empty. */
function train(
  files: readonly string[],
  change: Readonly<Record<string, string>>,
  { flags = [], ...around }: Surroundings & { flags?: readonly string[] } = {},
): Promise<Outcome> {
  const options = Object.entries({ ...small, ...change }).filter(([, value]) => value !== "");
  const args = options.flatMap(([name, value]) => [`--${name}`, value]);
  return orrery(["train", ...files, ...args, ...flags], { cwd, ...around });
}

const metrics = (run: string): StepMetrics[] =>
  readFileSync(join(cwd, run, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as StepMetrics);

beforeAll(async () => {
  await train(["text.txt"], { out: "run" });
});

describe("orrery train", () => {
  it("leaves a run, and says how to try it", async () => {
    const { code, stdout, stderr } = await train(["text.txt"], { out: "new/run" });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/new\/run: 4 steps.*loss \d\.\d+ nats per token\n.*orrery generate/);
    expect(metrics("new/run").map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(metrics("new/run")).toEqual(metrics("run"));
    const files = readdirSync(join(cwd, "new/run"), { recursive: true });
    for (const name of ["config.json", "model.safetensors", "tokenizer.json", "metrics.jsonl"]) {
      expect(files).toContain(name);
    }
  });

  it("tells its facts as one JSON object with --json", async () => {
    const { stdout } = await train(["text.txt"], { out: "json" }, { flags: ["--json"] });
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    const loss = metrics("json").at(-1)!.loss;
    expect(JSON.parse(stdout)).toMatchObject({ folder: "json", isComplete: true, steps: 4, loss });
  });

  it("reads standard input, several files, or built-in stories", async () => {
    const cut = smallText.indexOf("\n", 3000) + 1;
    writeFileSync(join(cwd, "a.txt"), smallText.slice(0, cut));
    writeFileSync(join(cwd, "b.txt"), smallText.slice(cut));
    await train(["-"], { out: "input" }, { input: smallText });
    await train(["a.txt", "b.txt"], { out: "parts" });
    expect(metrics("input")).toEqual(metrics("run"));
    expect(metrics("parts")).toEqual(metrics("run"));
    expect((await train([], { out: "stories", stories: "5000" })).code).toBe(0);
  });

  it("averages passes with --accumulate", async () => {
    expect((await train(["text.txt"], { out: "twice", accumulate: "2" })).code).toBe(0);
    expect(metrics("twice")).toHaveLength(4);
    expect(metrics("twice")).not.toEqual(metrics("run"));
  });

  it("takes a tokenizer that was learned before", async () => {
    const change = { out: "borrowed", "vocab-size": "", tokenizer: "run" };
    expect((await train(["text.txt"], change)).code).toBe(0);
    expect(metrics("borrowed")).toEqual(metrics("run"));
  });

  it.each<[string, string[], Record<string, string>, number, RegExp]>([
    ["heads that do not divide", ["text.txt"], { heads: "3" }, 2, /16.*divisible.*heads.*3/],
    [
      "a sequence longer than the text",
      ["text.txt"],
      { "sequence-length": "9000" },
      1,
      /a text of more than 9000 tokens .*got \d+/,
    ],
    ["a vocabulary below the alphabet", ["text.txt"], { "vocab-size": "99" }, 1, /at least 256/],
    ["a missing file", ["nowhere.txt"], {}, 1, /no such file: nowhere\.txt/],
    ["an empty file", ["empty.txt"], {}, 1, /empty\.txt is empty/],
    ["empty standard input", ["-"], {}, 1, /standard input is empty/],
    ["a folder as text", ["folder"], {}, 1, /folder is a folder, not a file/],
    ["another encoding", ["latin1.txt"], {}, 1, /latin1\.txt: not UTF-8: .*\(byte \d+\)/],
    ["a learning rate of zero", ["text.txt"], { "learning-rate": "0" }, 2, /learning.?rate/i],
    ["a negative decay", ["text.txt"], { "weight-decay": "-1" }, 2, /weight.?decay/i],
    ["files and stories", ["text.txt"], { stories: "10" }, 2, /--stories is for runs without/],
    [
      "two tokenizers",
      ["text.txt"],
      { tokenizer: "run", "vocab-size": "300" },
      2,
      /--tokenizer names one/,
    ],
    [
      "a missing tokenizer",
      ["text.txt"],
      { tokenizer: "nowhere", "vocab-size": "" },
      1,
      /no such file: nowhere/,
    ],
  ])("refuses %s and writes nothing", async (...row) => {
    const [, files, change, code, message] = row;
    const ran = await train(files, { ...change, out: "never" });
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/^ {4}at |should not happen/m);
    expect(existsSync(join(cwd, "never"))).toBe(false);
  });

  it.each<[string, string, RegExp]>([
    ["a folder that holds a run", "run", /run already holds a run.*--resume/],
    ["a file as folder", "text.txt", /text\.txt\/.* could not be written/],
    ["a folder that holds a model", "somebody", /somebody already holds a model/],
  ])("does not touch %s", async (_, out, message) => {
    mkdirSync(join(cwd, "somebody"), { recursive: true });
    writeFileSync(join(cwd, "somebody/model.safetensors"), "mine");
    const { code, stderr } = await train(["other.txt"], { out });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(metrics("run")).toHaveLength(4);
    expect(readFileSync(join(cwd, "text.txt"), "utf8")).toBe(smallText);
    expect(readFileSync(join(cwd, "somebody/model.safetensors"), "utf8")).toBe("mine");
  });

  it("says that a run has diverged, and what to do", async () => {
    const { code, stderr } = await train(["text.txt"], { out: "wild", "learning-rate": "1e12" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/step \d: the loss is NaN.*smaller learning rate/);
  });
});

describe("orrery train --resume", () => {
  const resume = (args: readonly string[], out = "run"): Promise<Outcome> =>
    orrery(["train", "--resume", "--out", out, ...args], { cwd });

  it("has nothing left to do in a finished run", async () => {
    const { code, stdout } = await resume([]);
    expect(code).toBe(0);
    expect(stdout).toContain("run: 4 steps");
  });

  it.each<[string, string[], RegExp]>([
    ["model", ["--layers", "2"], /config\.num_hidden_layers: 1 then, 2 now/],
    ["position encoding", ["--position", "alibi"], /position_encoding: "rope" then, "alibi" now/],
    ["number of steps", ["--steps", "9"], /training\.steps: 4 then, 9 now/],
    ["text", ["other.txt"], /data: "\d+ tokens, \w+" then, "\d+ tokens, \w+" now/],
  ])("names another %s", async (_, args, message) => {
    const { code, stderr } = await resume(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it.each([
    ["folder", "folder is not a run: it has no state/settings.json"],
    ["nowhere", "nowhere is not a run"],
  ])("refuses %s, which is no run", async (out, message) => {
    const { code, stderr } = await resume([], out);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it("asks for the text that came from standard input", async () => {
    await train(["-"], { out: "piped" }, { input: smallText });
    const { code, stderr } = await resume([], "piped");
    expect(code).toBe(1);
    expect(stderr).toContain("give the same text again, with - as FILE");
    const again = ["train", "--resume", "-", "--out", "piped"];
    expect((await orrery(again, { cwd, input: smallText })).code).toBe(0);
  });
});
