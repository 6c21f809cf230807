import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

function peakMB(name: string, flags: readonly string[]): number {
  const args = [
    "--import",
    "tsx",
    "--conditions=orrery:source",
    "bench/memory.ts",
    "--case",
    name,
    ...flags,
  ];
  const line = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return (JSON.parse(line) as { peakMB: number }).peakMB;
}

// What chunks save is several times this; the bound only has to tell them from none.
it.each([
  "cross entropy, vocabulary 131072, forward and backward",
  "attention, 8192 tokens, forward",
])("%s: chunks need less than half of the memory", (name) => {
  expect(peakMB(name, [])).toBeLessThan(peakMB(name, ["--whole"]) / 2);
});
