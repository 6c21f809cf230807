import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const runs = mkdtempSync(join(tmpdir(), "orrery-readme-"));
afterAll(() => rmSync(runs, { recursive: true, force: true }));

/** The TypeScript of a file in Markdown, by the heading above it. */
function examples(file: string): [heading: string, code: string][] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^### `?([\w/-]+)`?\n\n```ts\n([^]*?)^```$/gm)].map(
    ([, heading, code]) => [heading!, code!],
  );
}

/** Runs code in the package, with runs in a folder of our own. */
async function run(code: string): Promise<string> {
  const flags = ["--conditions=orrery:source", "--import", "tsx", "--input-type=module"];
  const evaluated = code.replaceAll("runs/first", join(runs, "first"));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "-e", evaluated], {
    cwd: root,
  });
  return stdout;
}

const shown: Readonly<Record<string, RegExp>> = {
  "orrery-lm/tokenizers": /'lo', 'west', 'Ġ', 'a', 'n', 'd', 'Ġnewest'[^]*\nlowest and newest\n$/,
  "orrery-lm/training": /^true\n$/,
  "orrery-lm/models": /^3 \[ 'layers\.0\.attention\.scores', 'layers\.1\.attention\.scores' \]\n/,
  "orrery-lm/lab": /^small: 0\.\d{3} tokens per character, .*\nlarge: 0\.\d{3} tokens/,
  "orrery-lm/tensor": /^Float64Array\(2\) \[ -8, -12 \]\nFloat32Array\(2\) \[ -8, -12 \]\n$/,
};

/** The command lines of a file in Markdown, without their comments. */
function commands(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .flatMap(([, block]) => block!.trimEnd().split("\n"))
    .map((line) => line.replace(/ *#.*/, ""));
}

describe("README.md", () => {
  // In their order: the third reads what the second wrote.
  it.each(examples("README.md"))("%s", async (heading, code) => {
    expect(await run(code)).toMatch(shown[heading]!);
  });

  it("has all of the examples, and the Chinese one has the same", () => {
    expect(examples("README.md").map(([heading]) => heading)).toEqual(Object.keys(shown));
    const code = (file: string): string[] =>
      examples(file).map(([, text]) => text.replaceAll(/ *\/\/.*/g, ""));
    expect(code("README.zh-CN.md")).toEqual(code("README.md"));
  });

  it("has the command lines of the Chinese one, and CI runs the second", () => {
    expect(commands("README.zh-CN.md")).toEqual(commands("README.md"));
    const [demo, test] = commands("README.md");
    expect([demo, test]).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    expect(readFileSync(join(root, ".ci/run"), "utf8")).toContain(`(${test})`);
  });
});

describe("docs/tokenizers.md", () => {
  it("prints what its comments say", async () => {
    const text = readFileSync(join(root, "docs/tokenizers.md"), "utf8");
    const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code!);
    const comments = [...text.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(
      ([, printed]) => printed!,
    );
    expect((await run(blocks.join("\n"))).split("\n")).toEqual([...comments, ""]);
  });
});
