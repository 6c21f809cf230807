import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../examples");
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
const temporary = mkdtempSync(join(tmpdir(), "orrery-examples-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

async function run(name: string): Promise<string> {
  const flags = ["--import", "tsx", "--conditions=orrery:source"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, join(folder, name)], {
    env: { ...process.env, TMPDIR: temporary },
    maxBuffer: 2 ** 24,
  });
  return stdout;
}

/** What each example shows. */
const claims: Record<string, (output: string) => void> = {
  "01-tokenizer.ts": (output) => {
    expect(output).toContain("and back: The lantern was still burning. 🙂\n");
    expect(output).toContain("<|end|> as text: 5 tokens\n<|end|> as a token: 1 token\n");
  },
  "02-train-a-model.ts": (output) => {
    const [before, after] = output
      .match(/before training ([\d.]+), on unseen text ([\d.]+)/)!
      .slice(1);
    expect(Number(before)).toBeCloseTo(Math.log(512), 1);
    expect(Number(after)).toBeLessThan(Number(before) - 1);
    expect(readdirSync(/the run lies in (.+)/.exec(output)![1]!)).toContain("model.safetensors");
  },
  "03-load-and-generate.ts": (output) => {
    expect(output).toContain("The moon went round and round the earth. The moon went round");
  },
  "04-capture-attention.ts": (output) => {
    // The last of 18 letters looks at what came after the same letter in the word before.
    expect(output).toMatch(/^[a-h] {2} {24}██ {10}$/m);
  },
  "05-compare-tokenizers.ts": (output) => {
    const rows = [...output.matchAll(/^(.+?) +(\d\.\d\d) .* (\d+) %$/gm)];
    expect(rows.map(([, name]) => name)).toEqual([
      "byte-level BPE",
      "WordPiece",
      "Unigram",
      "SentencePiece's BPE",
    ]);
    for (const [, , fertility] of rows) expect(Number(fertility)).toBeCloseTo(1.9, 0);
    const [bytes, small, ...sentencePiece] = rows.map(([, , , returned]) => Number(returned));
    expect([bytes, small! < 50, sentencePiece.every((one) => one > 80)]).toEqual([100, true, true]);
  },
  "06-chat-template.ts": (output) => {
    expect(output).toContain("learned from: The fox.<|end|>\n2 of 3 ends are tokens\n");
  },
  "07-take-a-model-apart.ts": (output) => {
    // 3 layers × 2 heads × (8 + 8) numbers × 2 bytes.
    expect(output).toContain("parameters, 2048 of them in tables\n192 bytes are kept");
    expect(output.match(/^layers\.[012]\.output: root mean square 0\.\d+$/gm)).toHaveLength(3);
    expect(output).toMatch(/^1 2 3 5 8 13 →( \d+){8}$/m);
    const exported = /transformers\.js: (.+)/.exec(output)![1]!;
    expect(readdirSync(join(exported, "onnx"))).toEqual(["model.onnx"]);
  },
};

describe("each example runs without arguments and shows what it says", () => {
  it.each(files)("%s", async (name) => {
    expect(Object.keys(claims)).toContain(name);
    claims[name]!(await run(name));
  });
});
