import { createHash } from "node:crypto";
import { Model, initialize, packStored, type Architecture } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { describe, expect, it } from "vitest";
import { build, type Config } from "./configs.ts";

// Baichuan's code is not part of transformers, so it is held to Llama, which it follows.
const sizes: Config = {
  vocab_size: 12,
  hidden_size: 12,
  intermediate_size: 20,
  num_attention_heads: 3,
  num_hidden_layers: 2,
  rms_norm_eps: 1e-6,
};
const llama: Config = { ...sizes, model_type: "llama" };
const small: Config = { ...sizes, model_type: "baichuan", max_position_embeddings: 64 };
const large: Config = { ...sizes, model_type: "baichuan", model_max_length: 64 };
const rows = [[3, 5, 7, 9, 11, 1]];

const parametersOf = ({ network }: Architecture): Map<string, Float32Array> =>
  initialize(network.parameters(), 1);
const hash = (data: Float32Array): string => createHash("sha256").update(data).digest("hex");

describe("Baichuan", () => {
  it("has Llama's parameters, and query, key and value in one tensor", () => {
    const [own, other] = [build(small), build(llama)];
    expect(own.network.parameters()).toEqual(other.network.parameters());
    const parameters = parametersOf(own);
    const name = "model.layers.1.self_attn.W_pack.weight";
    const entry = own.storage.find(({ tensor }) => tensor === name)!;
    const { data, shape } = packStored(entry, parameters, own.network.parameters());
    expect(shape).toEqual([36, 12]);
    const parts = ["query", "key", "value"].map((part) =>
      hash(parameters.get(`layers.1.attention.${part}.weight`)!),
    );
    expect([0, 1, 2].map((i) => hash(data.slice(i * 144, (i + 1) * 144)))).toEqual(parts);
  });

  it("computes what Llama does where it has RoPE, and something else where it has ALiBi", async () => {
    const runtime = await nativeRuntime({ threads: 1 });
    const logitsOf = async (config: Config): Promise<number[]> => {
      const parameters = parametersOf(build(config));
      for (const data of parameters.values()) data.forEach((_, i) => (data[i]! *= 20));
      const model = new Model({ config, parameters, runtime });
      const { logits } = await model.forward({ inputIds: rows });
      return Array.from(logits!.data);
    };
    const want = await logitsOf(llama);
    expect(await logitsOf(small)).toEqual(want);
    expect(await logitsOf(large)).not.toEqual(want);
  });

  it("refuses Baichuan 2, whose head is normalized", () => {
    expect(() => build({ ...small, z_loss_weight: 0 })).toThrow(
      "baichuan does not know z_loss_weight",
    );
  });
});
