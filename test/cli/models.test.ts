import { describe, expect, it } from "vitest";
import { orrery } from "./orrery.ts";

describe("orrery models", () => {
  it("shows who uses what, with the grade of the evidence", async () => {
    const { code, stdout, stderr } = await orrery([
      "models",
      "--position",
      "alibi",
      "--norm",
      "rmsnorm",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([
      "model           year  position  norm     placement  FFN     attention  vocabulary  grade",
      "baichuan-13b    2023  alibi     rmsnorm  pre        swiglu  mha        64000       A",
      "baichuan-2-13b  2023  alibi     rmsnorm  pre        swiglu  mha        125696      A",
      "",
      expect.stringMatching(/^2 of \d+ models$/),
      "",
    ]);
  });

  it.each<[string[], string[]]>([
    [["--placement", "branch", "--year", "2024"], ["olmo-2"]],
    [["--family", "GPT_NeoX", "--year", "2022-2022"], ["gpt-neox-20b"]],
    [["--grade", "d"], ["transformer-2017"]],
    [
      ["--moe", "--norm", "layernorm"],
      ["phi-3.5-moe", "dbrx"],
    ],
    [
      ["--parallel", "--attention", "mqa"],
      ["palm", "falcon-7b"],
    ],
    [
      ["--architecture", "encoder", "--position", "rope"],
      ["roformer", "modernbert", "nomic-bert"],
    ],
    [["--tokenizer", "WordPiece", "--year", "2018"], ["bert"]],
    [["--gelu", "quick"], ["phi-3-small"]],
    [["--position", "alibi", "--norm", "rmsnorm", "--moe"], []],
  ])("%j as JSON", async (args, ids) => {
    const { code, stdout } = await orrery(["models", ...args, "--json"]);
    const rows = JSON.parse(stdout) as { id: string; source: string }[];
    expect({ code, ids: rows.map(({ id }) => id) }).toEqual({ code: 0, ids });
    expect(rows.every(({ source }) => source.length > 0)).toBe(true);
  });

  it("tells all of one, with its source and what is unsure", async () => {
    const { stdout } = await orrery(["models", "gpt-neox-20b"]);
    expect(stdout).toMatch(/^ropeFraction +0\.25$/m);
    expect(stdout).toMatch(/^vocabSize +50277 {2}\(unverified\)$/m);
    expect(stdout).toMatch(/^source +.*20B\.yml$/m);
  });

  it("counts by year", async () => {
    const { stdout } = await orrery(["models", "--trend", "normPlacement", "--year", "2018"]);
    expect(stdout).toBe("year  models  counts\n2018  2       post 2\n");
  });

  it.each<[string, string[], number, RegExp]>([
    ["a model that is unknown", ["baichuan13b"], 1, /baichuan-13b/],
    ["a word that fits no model", ["--position", "albi"], 2, /position "albi".*alibi/],
    ["a year that is none", ["--year", "20"], 2, /--year: expected 2024 or 2023-2025/],
    ["a grade that is none", ["--grade", "E"], 2, /--grade: expected letters from A to D/],
    ["a field that is none", ["--trend", "weather"], 2, /--trend: expected one of id, family/],
  ])("refuses %s", async (_, args, code, message) => {
    const ran = await orrery(["models", ...args]);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
  });

  it("has help with examples", async () => {
    const { code, stdout } = await orrery(["models", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("orrery models --position alibi");
  });
});
