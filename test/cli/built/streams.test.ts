import { execFileSync, spawn } from "node:child_process";
import { existsSync, openSync, closeSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ended, orrery, scratchFolder, smallModel, smallText, start } from "./orrery.ts";

const cwd = scratchFolder();
const tokenizer = ["--tokenizer", "tokenizer.json"];
beforeAll(async () => {
  const settings = ["--vocab-size", "300", "--out", "tokenizer.json"];
  await orrery(["train-tokenizer", ...settings], { cwd, input: smallText });
});

describe("through pipes", () => {
  it.each([
    ["CRLF", "a\r\n\tb\r\n\r\n"],
    ["a byte order mark, and no last line break", "\uFEFFcat\uFEFF 🙂"],
    ["a text longer than a pipe", smallText.repeat(50)],
  ])("encode and decode give a text back byte for byte: %s", async (_, text) => {
    const { code, stdout, stderr } = await orrery(["encode", ...tokenizer], { cwd, input: text });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const back = await orrery(["decode", ...tokenizer], { cwd, input: stdout });
    expect(back).toEqual({ code: 0, stdout: text, stderr: "" });
  });

  it("says nothing when the reader has seen enough, as in `| head`", async () => {
    const child = start(["decode", ...tokenizer], cwd);
    const outcome = ended(child);
    child.stdout.once("data", () => child.stdout.destroy());
    child.stdin.on("error", () => {});
    child.stdin.end("70 71 72 ".repeat(500_000));
    expect(await outcome).toMatchObject({ code: 0, stderr: "" });
  });

  const noFullDevice = existsSync("/dev/full") ? "" : " (skipped: there is no /dev/full)";
  it.skipIf(noFullDevice)(`says that standard output is full${noFullDevice}`, async () => {
    const full = openSync("/dev/full", "w");
    const main = join(import.meta.dirname, "../../../dist/cli/main.js");
    const child = spawn(process.execPath, [main, "--help"], { stdio: ["ignore", full, "pipe"] });
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += String(chunk)));
    const code = await new Promise((resolve) => child.on("close", resolve));
    closeSync(full);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^orrery: standard output could not be written: ENOSPC.*\n$/);
  });
});

/** A disk of 200 kB, or why there is none. */
function mountSmallDisk(place: string): string {
  mkdirSync(place, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", place], { stdio: "ignore" });
    return "";
  } catch {
    return " (skipped: mounting a small disk needs root)";
  }
}

describe("a full disk", () => {
  const disk = join(cwd, "disk");
  const noDisk = mountSmallDisk(disk);
  const unmount = (): void => {
    if (noDisk === "") execFileSync("umount", [disk]);
  };

  it.skipIf(noDisk)(`keeps the checkpoint before, whole${noDisk}`, async () => {
    try {
      const run = join(disk, "run");
      const args = ["train", "-", "--out", run, ...smallModel, "--steps", "9", "--save-every", "2"];
      const { code, stdout, stderr } = await orrery(args, { input: smallText });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^orrery train: the disk is full: .*nothing was replaced\n$/);
      const names = readdirSync(run, { recursive: true, encoding: "utf8" });
      expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
      expect(readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n")).toHaveLength(2 + 1);
      const prompt = ["--prompt", "The cat", "--max-new-tokens", "3"];
      expect((await orrery(["generate", run, ...prompt])).code).toBe(0);
      const again = ["train", "--resume", "-", "--out", run, "--threads", "1"];
      const { stderr: stillFull } = await orrery(again, { input: smallText });
      expect(stillFull).toContain("the disk is full");
    } finally {
      unmount();
    }
  });
});
