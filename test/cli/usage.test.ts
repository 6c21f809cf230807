import { dirname, join, relative } from "node:path";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { registry } from "../../src/cli/registry.ts";
import { readModule } from "../house-rules.ts";
import { orrery } from "./orrery.ts";

const root = join(import.meta.dirname, "../..");
const names = Object.keys(registry);

describe("help", () => {
  it("lists every command, with an example", async () => {
    const { code, stdout, stderr } = await orrery(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, "m"));
    expect(stdout).toMatch(/^Example:\n {2}orrery /m);
  });

  it.each(names)("of %s has its options and an example", async (name) => {
    const { code, stdout, stderr } = await orrery([...name.split(" "), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.startsWith(`Usage: orrery ${name}`)).toBe(true);
    expect(stdout).toMatch(/^ {2}--help +show this$/m);
    expect(stdout).toMatch(/^Examples?:\n {2}(echo .* \| )?orrery /m);
  });

  it("has examples whose options exist", async () => {
    const help = await Promise.all(
      names.map(async (name) => ({
        name,
        text: (await orrery([...name.split(" "), "--help"])).stdout,
      })),
    );
    for (const { name, text } of help) {
      const examples = text.split(/^Examples?:$/m)[1]!.split("\n");
      const own = examples.filter((line) => line.includes(`orrery ${name} -`));
      for (const [option] of own.join("\n").matchAll(/ --[a-z-]+/g)) {
        expect(text, name).toContain(`\n ${option}`);
      }
    }
  });

  it("is the same by `orrery help COMMAND`", async () => {
    expect(await orrery(["help", "lab", "extrapolation"])).toEqual(
      await orrery(["lab", "extrapolation", "--help"]),
    );
  });

  it("goes to standard error, with exit code 2, where no command is given", async () => {
    const { code, stdout, stderr } = await orrery([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: orrery COMMAND");
  });

  it("loads nothing but the command line itself and the errors", () => {
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const module = readModule({ path, source: readFileSync(join(root, path), "utf8") });
      for (const { specifier, kind } of module.imports) {
        if (kind !== "static" || specifier === undefined || specifier.startsWith("node:")) continue;
        const file = specifier.startsWith(".")
          ? join(dirname(path), specifier)
          : specifier.replace(/^orrery-lm\/(.*)$/, "src/$1/index.ts");
        visit(relative(".", file));
      }
    };
    visit("src/cli/main.ts");
    const strays = [...seen].filter(
      (path) => !/^src\/(cli\/[\w-]+|base\/([\w-]+\/)?[\w.-]+)\.ts$/.test(path),
    );
    expect(strays).toEqual([]);
    expect(seen).toContain("src/cli/registry.ts");
  });
});

it("prints the version of the package", async () => {
  const manifest = readFileSync(join(root, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  expect(await orrery(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

describe("wrong usage ends with code 2 and says what is meant", () => {
  it.each([
    ["trian", "there is no command trian; did you mean train?"],
    ["generat", "there is no command generat; did you mean generate?"],
    ["xyzzy", "there is no command xyzzy (orrery --help"],
    ["--verison", "there is no option --verison"],
    ["constructor", "there is no command constructor"],
    ["train --out r --leyers 2", "there is no option --leyers; did you mean --layers?"],
    ["train -x", "there is no option -x"],
    ["train --constructor", "there is no option --constructor"],
    ["train", "--out DIR is missing"],
    ["encode a.txt", "--tokenizer PATH is missing"],
    ["generate --prompt x", "expected DIR, got nothing"],
    ["eval a b c", "expected no more arguments behind a b, got c"],
    ["train --out", "--out needs a value"],
    ["train --out --resume", "--resume is an option; if it is the value, write --out=--resume"],
    ["train --out r --resume=yes", "--resume takes no value, got yes"],
    ["train --out a --out b", "--out is given 2 times"],
    ["train --out r --steps 1e3", '--steps: expected a whole number, 1 or more, got "1e3"'],
    ["train --out r --layers 0", '--layers: expected a whole number, 1 or more, got "0"'],
    ["train --out r --clip big", '--clip: expected a number, got "big"'],
    ["train --out r --position rop", 'got "rop"; did you mean rope?'],
    ["train --out r --heads 3", "hidden_size 128 is not divisible by num_attention_heads 3"],
    ["train --out r --clip 0", "clipNorm: expected a positive number, got 0"],
    ["train a.txt --out r --stories 9", "--stories is for runs without a file"],
    ["eval r --length 16,,32", '--length: expected a whole number, 1 or more, got ""'],
    ["eval r --length 16 --stride 17", "--stride: expected at most the length 16, got 17"],
    ["generate r --runtime cuda", '--runtime: expected one of native, wasm; got "cuda"'],
    ["lab extrapolatoin", "did you mean extrapolation?"],
    ["lab extrapolation --arms rope,alibbi", 'got "alibbi"; did you mean alibi?'],
    ["lab extrapolation --seeds 0", "--seeds: expected a whole number, 1 or more"],
  ])("orrery %s", async (line, message) => {
    const { code, stdout, stderr } = await orrery(line.split(" "));
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^orrery/);
    expect(stderr).toContain("--help");
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

it("lists the experiments", async () => {
  const { code, stdout } = await orrery(["lab", "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    { name: "extrapolation", question: "which position encoding survives length?" },
    { name: "tokenizers", question: "BPE, WordPiece or Unigram: which needs fewer tokens?" },
  ]);
  const listed = await orrery(["lab", "list"]);
  expect(listed).toEqual(await orrery(["lab"]));
  expect(listed.stdout).toContain("orrery lab extrapolation --quick");
});
