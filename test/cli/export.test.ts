import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "orrery-lm/tokenizers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { serveHub } from "../base/hub-server.ts";
import { openBare } from "../models/exported.ts";
import { orrery, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
beforeAll(async () => {
  writeFileSync(join(cwd, "text.txt"), smallText);
  const settings =
    "--layers 1 --hidden-size 16 --heads 2 --vocab-size 270 --steps 1 --batch-size 1 --sequence-length 8";
  await orrery(["train", "text.txt", "--out", "run", ...settings.split(" ")], { cwd });
});

const bytes = (name: string): Uint8Array => readFileSync(join(cwd, name));

describe("orrery export", () => {
  it("writes what transformers.js reads: the model, its configs and its tokenizer", async () => {
    const { code, stdout, stderr } = await orrery(["export", "run", "--out", "onnx"], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const names = [
      "config.json",
      "generation_config.json",
      "onnx/model.onnx",
      "tokenizer.json",
      "tokenizer_config.json",
    ];
    const printed = stdout.trimEnd().split("\n");
    expect(printed.map((line) => line.split("  ")[0]!.slice("onnx/".length)).toSorted()).toEqual(
      names,
    );
    const session = await openBare(bytes("onnx/onnx/model.onnx"));
    expect(session.outputNames[0]).toBe("logits");
    const ids = async (folder: string): Promise<Uint32Array> =>
      (await Tokenizer.load(join(cwd, folder))).encode(smallText);
    expect(await ids("onnx")).toEqual(await ids("run"));
  });

  it("says so in JSON, and stores halves where asked to", async () => {
    const args = ["export", "run", "--out", "half", "--dtype", "float16", "--portable", "--json"];
    const { stdout } = await orrery(args, { cwd });
    const { folder, files } = JSON.parse(stdout) as {
      folder: string;
      files: { name: string; bytes: number }[];
    };
    const model = files.find(({ name }) => name === "onnx/model_fp16.onnx");
    expect(folder).toBe("half");
    expect(model!.bytes).toBe(bytes("half/onnx/model_fp16.onnx").length);
  });

  it("keeps the configs that lie beside the model", async () => {
    const generation = { eos_token_id: 7, max_new_tokens: 5 };
    writeFileSync(join(cwd, "run/generation_config.json"), JSON.stringify(generation));
    writeFileSync(join(cwd, "run/tokenizer_config.json"), '{"model_max_length":8}');
    await orrery(["export", "run", "--out", "kept"], { cwd });
    for (const name of ["generation_config.json", "tokenizer_config.json"])
      expect(bytes(`kept/${name}`), name).toEqual(bytes(`run/${name}`));
  });

  it("exports a model that has no tokenizer, and says so", async () => {
    mkdirSync(join(cwd, "bare"));
    for (const name of ["config.json", "model.safetensors"])
      writeFileSync(join(cwd, "bare", name), bytes(`run/${name}`));
    const { code, stderr } = await orrery(["export", "bare", "--out", "bare-onnx"], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^no tokenizer is exported: /);
    expect(existsSync(join(cwd, "bare-onnx/tokenizer.json"))).toBe(false);
    rmSync(join(cwd, "bare"), { recursive: true });
  });

  it("exports from a hub, with what lies beside the model there", async () => {
    const names = ["config.json", "model.safetensors", "tokenizer.json"];
    const hub = await serveHub(
      Object.fromEntries(names.map((name) => [name, bytes(`run/${name}`)])),
    );
    vi.stubEnv("HF_HOME", join(cwd, "hub"));
    vi.stubEnv("HF_ENDPOINT", hub.endpoint);
    for (const name of ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HUB_OFFLINE"])
      vi.stubEnv(name, "");
    const { code, stderr } = await orrery(["export", "hf:org/name", "--out", "from-hub"], { cwd });
    vi.unstubAllEnvs();
    hub.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of ["onnx/model.onnx", "tokenizer.json"])
      expect(bytes(`from-hub/${name}`), name).toEqual(bytes(`onnx/${name}`));
  });

  it.each<[string, string[], number, RegExp]>([
    ["no folder to write", ["run"], 2, /--out/],
    ["no model", ["--out", "x"], 2, /MODEL/],
    ["a folder without a model", [".", "--out", "x"], 1, /is not a model: it has no config\.json/],
    ["another type", ["run", "--out", "x", "--dtype", "int8"], 2, /float32.*float16/],
  ])("refuses %s", async (_, args, code, message) => {
    const outcome = await orrery(["export", ...args], { cwd });
    expect(outcome).toMatchObject({ code, stdout: "" });
    expect(outcome.stderr).toMatch(message);
  });
});
