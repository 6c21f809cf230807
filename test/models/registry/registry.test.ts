import { ConfigError } from "orrery-lm/base";
import {
  openRegistry,
  registryTrend,
  type RegistryQuery,
  type RegistryRow,
} from "orrery-lm/models";
import { describe, expect, it } from "vitest";

const registry = await openRegistry();
const idsOf = (query: RegistryQuery): string[] => registry.find(query).map(({ id }) => id);
const facts = (id: string, fields: readonly (keyof RegistryRow)[]): unknown[] =>
  fields.map((field) => registry.get(id)[field]);

describe("every row", () => {
  it("has a name of its own, a source and a grade", () => {
    const { rows } = registry;
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    const bad = rows.filter((row) => row.source === "" || !/^[A-D]$/.test(row.verification));
    expect(bad).toEqual([]);
  });

  it("names only fields that there are as unverified", () => {
    const odd = registry.rows.flatMap((row) =>
      row.unverifiedFields.filter((field) => !(field in row)).map((field) => [row.id, field]),
    );
    expect(odd).toEqual([]);
  });

  it("says of RoPE, and of nothing else, how channels are turned", () => {
    const odd = registry.rows.filter(
      ({ position, ropeTheta, ropeLayout }) =>
        (ropeTheta !== null) !== position.startsWith("rope") ||
        (ropeTheta === null) !== (ropeLayout === null),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  it("says of GELU which form it is", () => {
    const odd = registry.rows.filter(
      ({ activation, geluForm }) => activation.includes("gelu") !== (geluForm !== null),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });
});

describe("finding", () => {
  it.each<[RegistryQuery, string, boolean]>([
    [{ position: "rope" }, "smollm-3", true], // rope+nope
    [{ position: "rope" }, "chatglm-6b", true], // rope-2d
    [{ position: "rope" }, "kimi-linear", false],
    [{ position: "nope" }, "smollm-3", true],
    [{ norm: "RMSNorm" }, "gemma-1", true], // rmsnorm(1+w)
    [{ norm: "rms" }, "gemma-1", false], // no word
    [{ activation: "relu" }, "nemotron-4", false], // relu2
    [{ moe: true }, "mixtral", true],
    [{ moe: false }, "mixtral", false],
    [{ year: 2017 }, "transformer-2017", true],
    [{ year: "2017" }, "transformer-2017", true],
    [{ position: "" }, "transformer-2017", false],
    [{ position: "alibi", norm: "rmsnorm" }, "baichuan-13b", true],
    [{ position: "alibi", norm: "rmsnorm" }, "bloom", false],
    [{ position: undefined }, "bloom", true],
  ])("%j: %s %s", (query, id, isFound) => {
    expect(idsOf(query).includes(id)).toBe(isFound);
  });

  it("refuses an unknown name with the nearest", () => {
    expect(() => registry.get("gpt-5")).toThrow(ConfigError);
    expect(() => registry.get("baichuan13b")).toThrow(/baichuan-13b/);
  });

  it("counts by year", () => {
    const decoders = registry.rows.filter(({ architecture }) => architecture === "decoder");
    const trend = registryTrend(decoders, "norm");
    expect(trend.at(0)).toEqual({ year: 2018, models: 1, counts: { layernorm: 1 } });
    const late = trend.filter(({ year }) => year >= 2025);
    // From 2025 on no decoder has LayerNorm any more.
    expect(
      late.flatMap(({ counts }) => Object.keys(counts)).filter((n) => n.startsWith("l")),
    ).toEqual([]);
    const total = trend.reduce((sum, { models }) => sum + models, 0);
    expect(total).toBe(decoders.length);
  });
});

describe("10.2.4 which models use RoPE", () => {
  it.each<[string, number, number, "half" | "interleaved"]>([
    ["roformer", 10000, 1, "interleaved"],
    ["gpt-j", 10000, 0.25, "interleaved"], // 64 of 256
    ["codegen", 10000, 0.25, "interleaved"],
    ["gpt-neox-20b", 10000, 0.25, "half"],
    ["pythia", 10000, 0.25, "half"],
    ["llama-1", 10000, 1, "half"], // interleaved in Meta's own files
    ["llama-2", 10000, 1, "half"],
    ["llama-3", 500000, 1, "half"],
    ["mistral-7b", 10000, 1, "half"],
    ["mixtral", 1000000, 1, "half"],
    ["command-r", 8000000, 1, "interleaved"],
    ["gemma-3", 1000000, 1, "half"],
    ["modernbert", 160000, 1, "half"],
    ["baichuan-7b", 10000, 1, "half"],
    ["chatglm-6b", 10000, 1, "half"],
    ["chatglm-2", 10000, 0.5, "interleaved"],
    ["glm-4-9b", 10000, 0.5, "interleaved"],
    ["grok-1", 10000, 1, "half"],
    ["falcon-7b", 10000, 1, "half"],
    ["falcon-40b", 10000, 1, "half"],
    ["deepseek-v2", 10000, 1, "interleaved"],
    ["deepseek-v3", 10000, 1, "interleaved"],
    ["gpt-oss", 150000, 1, "half"],
  ])("%s: base %d, %d of the channels, %s", (id, base, fraction, layout) => {
    expect(idsOf({ position: "rope" })).toContain(id);
    expect(facts(id, ["ropeTheta", "ropeFraction", "ropeLayout"])).toEqual([
      base,
      fraction,
      layout,
    ]);
  });

  it.each([
    ["llama-3.1", { rope_type: "llama3", factor: 8, original_max_position_embeddings: 8192 }],
    ["gpt-oss", { rope_type: "yarn", factor: 32 }],
  ])("%s stretches it", (id, scaling) => {
    expect(registry.get(id).ropeScaling).toMatchObject(scaling);
  });

  it.each([
    "qwen-1",
    "qwen-2",
    "qwen-3",
    "phi-1.5",
    "phi-3-mini",
    "stablelm-2",
    "olmo-1",
    "olmo-2",
    "olmo-3",
    "starcoder-2",
    "granite-3",
    "persimmon",
    "nemotron-4",
    "glm-130b",
    "palm",
    "llama-4",
    "smollm-3",
    "gemma-1",
    "gemma-2",
  ])("%s does", (id) => {
    expect(idsOf({ position: "rope" })).toContain(id);
  });

  it.each([
    ["chatglm-6b", "rope-2d"],
    ["llama-4", "rope+nope"],
    ["smollm-3", "rope+nope"],
  ])("%s: %s", (id, position) => {
    expect(registry.get(id).position).toBe(position);
  });

  it.each([
    ["learned", ["gpt-1", "gpt-2", "bert", "opt"]],
    ["t5-bias", ["t5-v1"]],
    ["alibi", ["bloom", "mpt-7b"]],
    ["relative-transformer-xl", ["xlnet"]],
  ])("by contrast %s: %j", (position, ids) => {
    expect(idsOf({ position })).toEqual(expect.arrayContaining(ids));
    expect(idsOf({ position: "rope" })).not.toEqual(expect.arrayContaining([ids[0]]));
  });
});

describe("10.4.4 which models use ALiBi", () => {
  it("are these", () => {
    expect(idsOf({ position: "alibi" }).sort()).toEqual([
      "baichuan-13b",
      "baichuan-2-13b",
      "bloom",
      "btlm-3b-8k",
      "falcon-rw",
      "mosaic-bert",
      "mpt-7b",
    ]);
  });

  it("has heads that are no power of two among them", () => {
    expect(registry.get("baichuan-13b").headsQKv).toBe("40/40");
  });

  it.each([
    ["falcon-rw", "falcon-7b"],
    ["baichuan-13b", "baichuan-7b"],
    ["baichuan-2-13b", "baichuan-2"],
  ])("%s does, its relative %s has RoPE", (one, other) => {
    expect([registry.get(one).position, registry.get(other).position]).toEqual(["alibi", "rope"]);
  });
});

describe("11.2.1 how models cut text", () => {
  it.each<[string, string, number]>([
    ["gpt-2", "byte-level BPE", 50257],
    ["gpt-1", "BPE", 40478],
    ["bert", "WordPiece", 30522],
    ["llama-1", "BPE (SentencePiece, byte fallback)", 32000],
    ["llama-2", "BPE (SentencePiece, byte fallback)", 32000],
    ["llama-3", "byte-level BPE", 128256],
    ["mistral-7b", "SentencePiece", 32000],
    ["gemma-1", "SentencePiece", 256000],
    ["qwen-2", "byte-level BPE", 151936],
    ["deepseek-v3", "byte-level BPE", 129280],
    ["bloom", "byte-level BPE", 250880],
    ["falcon-7b", "byte-level BPE", 65024],
    ["grok-1", "SentencePiece", 131072],
    ["baichuan-7b", "SentencePiece", 64000],
    ["chatglm-2", "SentencePiece", 65024],
    ["t5-v1", "Unigram", 32128],
    ["mt5", "Unigram", 250112],
    ["albert", "Unigram", 30000],
    ["xlnet", "Unigram", 32000],
    ["gpt-oss", "byte-level BPE", 201088],
  ])("%s: %s, %d rows", (id, tokenizerAlgorithm, rows) => {
    expect(idsOf({ tokenizerAlgorithm })).toContain(id);
    expect(registry.get(id).embeddingRows).toBe(rows);
  });
});

describe("12.1.7 which activation models use", () => {
  it.each<[RegistryQuery, string[], string[]]>([
    [
      { ffn: "plain", activation: "relu" },
      ["transformer-2017", "t5-v1", "opt"],
      ["t5-v1.1", "gpt-2"],
    ],
    [{ ffn: "plain", activation: "relu2" }, ["nemotron-4", "persimmon"], ["opt"]],
    [
      { ffn: "plain", geluForm: "tanh" },
      ["gpt-1", "gpt-2", "bloom", "gpt-j", "codegen", "phi-1.5", "chatglm-6b", "starcoder-2"],
      ["bert", "falcon-7b", "gemma-1"],
    ],
    [
      { ffn: "plain", geluForm: "erf" },
      ["bert", "roberta", "falcon-7b", "mpt-7b", "pythia"],
      ["gpt-2", "modernbert"],
    ],
    [
      { ffn: "geglu" },
      ["t5-v1.1", "mt5", "gemma-1", "gemma-2", "gemma-3", "modernbert", "glm-130b", "grok-1"],
      ["t5-v1", "bloom"],
    ],
    [
      { ffn: "swiglu" },
      [
        "llama-1",
        "llama-2",
        "llama-3",
        "llama-4",
        "mistral-7b",
        "mixtral",
        "qwen-2",
        "qwen-3",
        "deepseek-v2",
        "deepseek-v3",
        "olmo-1",
        "phi-3-mini",
        "stablelm-2",
        "granite-3",
        "command-r",
        "chatglm-2",
        "palm",
        "btlm-3b-8k",
        "baichuan-7b",
        "yi",
      ],
      ["gemma-1", "gpt-2"],
    ],
    [{ ffn: "swiglu-oai" }, ["gpt-oss"], ["llama-3"]],
  ])("%j: %j, not %j", (query, members, others) => {
    const found = idsOf(query);
    expect(found).toEqual(expect.arrayContaining(members));
    expect(others.filter((id) => found.includes(id))).toEqual([]);
  });
});

describe("13.4.1 which normalization models use", () => {
  it.each<[RegistryQuery, string[], string[]]>([
    [
      { norm: "layernorm", normPlacement: "post" },
      ["transformer-2017", "bert", "roberta", "xlnet", "gpt-1", "opt-350m"],
      ["gpt-2", "opt"],
    ],
    [
      { norm: "layernorm", normPlacement: "pre", parallelBlock: false },
      ["gpt-2", "opt", "bloom", "mpt-7b", "starcoder-2", "stablelm-2"],
      ["gpt-1", "gpt-j"],
    ],
    [
      { norm: "layernorm", parallelBlock: true },
      ["gpt-j", "gpt-neox-20b", "falcon-7b", "command-r", "palm", "phi-1.5"],
      ["gpt-2"],
    ],
    [{ norm: "layernorm(no gain)" }, ["olmo-1"], ["olmo-2"]],
    [{ norm: "layernorm(1+w)" }, ["nemotron-4"], ["gpt-2"]],
    [
      { norm: "rmsnorm", normPlacement: "pre" },
      [
        "t5-v1",
        "llama-1",
        "mistral-7b",
        "mixtral",
        "qwen-1",
        "qwen-2",
        "qwen-3",
        "deepseek-v3",
        "phi-3-mini",
        "granite-3",
        "chatglm-2",
        "gemma-1",
      ],
      ["gemma-2", "stablelm-2"],
    ],
    [{ norm: "rmsnorm(1+w)" }, ["gemma-1", "gemma-2", "gemma-3"], ["llama-1"]],
    [{ normPlacement: "sandwich" }, ["gemma-2", "gemma-3", "grok-1"], ["gemma-1"]],
    [{ normPlacement: "branch" }, ["olmo-2"], ["olmo-1"]],
    [{ normPlacement: "deepnorm" }, ["glm-130b", "chatglm-6b"], ["chatglm-2"]],
  ])("%j: %j, not %j", (query, members, others) => {
    const found = idsOf(query);
    expect(found).toEqual(expect.arrayContaining(members));
    expect(others.filter((id) => found.includes(id))).toEqual([]);
  });

  it.each([
    ["bert", 1e-12],
    ["xlnet", 1e-12],
    ["gpt-1", 1e-5],
    ["gpt-2", 1e-5],
    ["t5-v1", 1e-6],
    ["olmo-1", 1e-5],
    ["chatglm-6b", 1e-5],
    ["glm-130b", 1e-5],
  ])("%s: eps %d", (id, eps) => {
    expect(registry.get(id).normEps).toBe(eps);
  });
});
