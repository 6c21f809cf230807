import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateStories } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";
import { orrery, scratchFolder } from "./orrery.ts";

const cwd = scratchFolder();
writeFileSync(join(cwd, "my text.txt"), generateStories(5, 12_000));
const short = ["lab", "tokenizers", "--data", "en=my text.txt", "--sizes", "400"];

describe("orrery lab tokenizers", () => {
  it("goes from a text to tables, an answer and a report", async () => {
    const { code, stdout, stderr } = await orrery(short, { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Which tokenizer needs fewer tokens\?.* en \(my text\.txt\)/);
    expect(stdout).toMatch(/^BPE over bytes +\d\.\d{3}$/m);
    expect(stdout).toContain("On English at 400 tokens, ");
    expect(stdout).toContain("Report  runs/tokenizers/report.html");
    const again =
      "npx orrery lab tokenizers --data 'en=my text.txt' --sizes 400 --out runs/tokenizers";
    expect(stdout).toContain(`Again   ${again}`);
    expect(existsSync(join(cwd, "runs/tokenizers/report.html"))).toBe(true);

    const second = await orrery([...short, "--json"], { cwd });
    const { records } = JSON.parse(second.stdout) as { records: { arm: string }[] };
    expect(records).toHaveLength(5);
  }, 60_000);

  it("keeps results of other settings, unless it may replace them", async () => {
    const other = [...short.slice(0, -1), "420"];
    const kept = await orrery(other, { cwd });
    expect(kept.code).toBe(1);
    expect(kept.stderr).toContain("--fresh removes the old results");
    const replaced = await orrery([...other, "--replace"], { cwd });
    expect(replaced.code).toBe(0);
    expect(replaced.stderr).toContain("they are replaced");
  }, 60_000);

  it.each([
    [["--data", "book.txt"], 2, "--data: expected LANGUAGE=FILE"],
    [["--data", "en=a.txt", "--data", "en=b.txt"], 2, "--data: en is given twice"],
    [["--data", "en=nowhere.txt"], 1, "nowhere.txt"],
    [["--sizes", "many"], 2, "--sizes"],
  ])("%j fails clearly", async (args, code, message) => {
    const outcome = await orrery(["lab", "tokenizers", ...args], { cwd });
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });
});
