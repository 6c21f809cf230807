import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateStories } from "orrery-lm/lab";
import { describe, expect, it } from "vitest";
import { orrery, type Outcome, scratchFolder, type Surroundings } from "./orrery.ts";

const cwd = scratchFolder();
writeFileSync(join(cwd, "my stories.txt"), generateStories(5, 60_000));
writeFileSync(join(cwd, "short.txt"), "Once upon a time there was a text.\n".repeat(9));
writeFileSync(join(cwd, "empty.txt"), "");

/** One arm, one step: the whole path in seconds. */
function lab(args: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  const short = ["--quick", "--arms", "alibi", "--data", "my stories.txt"];
  return orrery(["lab", "extrapolation", ...short, ...args], { cwd, ...around });
}

const again =
  "npx orrery lab extrapolation --quick --data 'my stories.txt' --arms alibi --steps 1 --out";

describe("orrery lab extrapolation", () => {
  it("goes from a text to a table, a sample and a report, and runs nothing twice", async () => {
    const { code, stdout, stderr } = await lab(["--steps", "1"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Which position encoding survives length\?.* alibi: 1 steps .*\n$/);
    expect(stdout).toMatch(/^ALiBi +(\d\.\d{3} +){5}[+−]/m);
    expect(stdout).toMatch(/^ALiBi\n {2}\S+/m);
    // The folder is named by the data, so that another text does not meet these results.
    const folder = "runs/extrapolation-quick-my stories";
    expect(stdout).toContain(`Report  ${folder}/report.html`);
    expect(stdout).toContain(`Again   ${again} '${folder}'`);
    const report = readFileSync(join(cwd, folder, "report.html"), "utf8");
    expect(report).toContain("&#39;my stories.txt&#39;");

    const second = await lab(["--steps", "1", "--json"]);
    expect(second.code).toBe(0);
    expect(second.stderr).toContain("1 of 1 arms were finished before");
    const result = JSON.parse(second.stdout) as { records: { arm: string }[] };
    expect(result.records.map(({ arm }) => arm)).toEqual(["alibi"]);
    expect(result).toMatchObject({ folder, report: `${folder}/report.html` });
  });

  it("keeps results of other settings, unless it may replace them", async () => {
    const out = join(cwd, "kept");
    mkdirSync(join(out, "arms/mine.seed-1"), { recursive: true });
    mkdirSync(join(out, "outcomes"));
    writeFileSync(join(out, "outcomes/notes.json"), "mine");
    expect((await lab(["--steps", "1", "--out", out])).code).toBe(0);
    const first = readFileSync(join(out, "outcomes/alibi.seed-1.json"), "utf8");

    const refused = await lab(["--steps", "2", "--out", out]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain("training.steps was 1 there and is 2 now");
    expect(refused.stderr).toContain("--fresh removes the old results");
    expect(readFileSync(join(out, "outcomes/alibi.seed-1.json"), "utf8")).toBe(first);

    const replaced = await lab(["--steps", "2", "--out", out, "--replace"], { isTTY: true });
    expect(replaced.code).toBe(0);
    expect(replaced.stderr).toContain(`${out} holds results of other settings; they are replaced`);
    expect(replaced.stderr).toMatch(/alibi, seed 1 {2}loss \d/);
    expect(readFileSync(join(out, "outcomes/alibi.seed-1.json"), "utf8")).not.toBe(first);
    // What it did not write, it does not touch.
    expect(readdirSync(join(out, "outcomes"))).toEqual(["alibi.seed-1.json", "notes.json"]);
    expect(existsSync(join(out, "arms/mine.seed-1"))).toBe(true);
  });

  it.each([
    ["a missing file", ["--data", "nowhere.txt"], "no such file: nowhere.txt"],
    ["an empty file", ["--data", "empty.txt"], "empty.txt is empty"],
    ["a short text", ["--data", "short.txt"], "the last tenth of the text must hold one window"],
  ])("refuses %s", async (_, args, message) => {
    const { code, stderr, stdout } = await orrery(["lab", "extrapolation", "--quick", ...args], {
      cwd,
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});
