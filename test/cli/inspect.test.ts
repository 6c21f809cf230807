import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { orrery, scratchFolder } from "./orrery.ts";

const cwd = scratchFolder();
mkdirSync(join(cwd, "mine"));
const config = {
  model_type: "llama",
  vocab_size: 100,
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  rms_norm_eps: 1e-5,
  rope_theta: 500000,
  attention_bias: false,
  mlp_bias: false,
};
writeFileSync(join(cwd, "mine", "config.json"), JSON.stringify(config));
const run = (...args: string[]): ReturnType<typeof orrery> => orrery(["inspect", ...args], { cwd });

describe("orrery inspect", () => {
  it("explains a model in words and a picture", async () => {
    const { code, stdout, stderr } = await run("mine", "--length", "64");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(readFileSync(new URL("inspected-llama.txt", import.meta.url), "utf8"));
  });

  it.each<[string, RegExp[]]>([
    ["bert", [/encoder with 4 layers/, /post-norm: norm\(x \+ f\(x\)\)/, /learned positions/]],
    ["gemma-3", [/layers 0-2, sandwich norm/, /layer 3, sandwich norm/, /window 8/]],
    ["mixtral", [/mixture of experts \(numExperts 8\)/, /topK 2/, /parameters that a token meets/]],
    ["t5-v1", [/encoder layers 0-3/, /decoder layers 0-3/, /encoder\.finalNorm: RMSNorm/]],
    ["deepseek-v3", [/latent attention \(MLA\)/, /layer 0, /, /layers 1-3, /]],
    ["falcon", [/ALiBi/]],
  ])("makes a tiny %s", async (name, patterns) => {
    const { code, stdout } = await run(name);
    expect(code).toBe(0);
    for (const pattern of patterns) expect(stdout).toMatch(pattern);
  });

  it("says nothing of what an encoder keeps", async () => {
    expect((await run("bert")).stdout).not.toMatch(/kept of a token/);
  });

  it("gives all of it as JSON", async () => {
    const { stdout } = await run("mine", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      modelType: "llama",
      kind: "decoder",
      parameters: { total: 21_920 },
      kept: { numbersPerToken: 64 },
    });
  });

  it("draws a page that needs nothing else", async () => {
    const { code } = await run("mine", "--html", "mine.html");
    expect(code).toBe(0);
    const page = readFileSync(join(cwd, "mine.html"), "utf8");
    expect(page).toMatch(/<svg[^>]*aria-label="token ids, then layers 0-1[^>]*then logits"/);
    expect(page).toContain("gated MLP (intermediateSize 48");
    expect(page).not.toMatch(/<script|href=|src=|@import/);
  });

  it("says how two models differ", async () => {
    const { stdout } = await run("--diff", "mine", "qwen-3");
    expect(stdout).toMatch(/^model_type +llama +qwen3$/m);
    expect(stdout).toMatch(/^block\.attention\.queryKeyNorm\.over +- +head$/m);
    expect((await run("--diff", "mine", "mine")).stdout).toBe("no difference\n");
    const { stdout: json } = await run("--diff", "mine", "qwen-3", "--json");
    expect(JSON.parse(json)).toContainEqual({ path: "model_type", a: "llama", b: "qwen3" });
  });

  it.each<[string, string[], number, RegExp]>([
    ["a model that is unknown", ["lama-2"], 1, /got "lama-2".*llama-2/],
    ["one that has no page", ["jamba"], 1, /there is no state space layers/],
    ["two models without --diff", ["mine", "mine"], 2, /compared with --diff/],
    ["--diff with one", ["--diff", "mine"], 2, /expected two models, got one/],
    ["no model", [], 2, /MODEL/],
    ["a page of two", ["--diff", "mine", "mine", "--html", "x.html"], 2, /--html shows one/],
  ])("refuses %s", async (_, args, code, message) => {
    const ran = await run(...args);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
  });
});
