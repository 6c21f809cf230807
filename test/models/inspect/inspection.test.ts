import { ConfigReader } from "orrery-lm/formats";
import { compareModels, inspectModel, type ModelInspection } from "orrery-lm/models";
import { describe, expect, it } from "vitest";
import { known } from "./known-configs.ts";

const inspect = (config: object, length?: number): ModelInspection =>
  inspectModel(new ConfigReader({ ...config }), { ...(length && { length }) });

describe("parameters", () => {
  it.each<[keyof typeof known, number]>([
    ["gpt2", 124_439_808],
    ["llama2", 6_738_415_616],
    ["bloom560m", 559_214_592],
    ["mistral7b", 7_241_732_096],
    ["mixtral", 46_702_792_704],
    ["llama3", 8_030_261_248],
    ["qwen2half", 494_032_768],
    ["gemma2b", 2_506_172_416],
    ["pythia160m", 162_322_944],
    ["bert", 109_514_298],
    ["t5small", 60_506_624],
  ])("of %s are %d", (name, total) => {
    expect(inspect(known[name]).parameters.total).toBe(total);
  });

  it("are told by part, and add up", () => {
    const { byPart, total } = inspect(known.llama2).parameters;
    expect(byPart["attention"]).toBe(32 * 4 * 4096 * 4096);
    expect(byPart["ffn"]).toBe(32 * 3 * 4096 * 11008);
    expect(Object.values(byPart).reduce((a, b) => a + b)).toBe(total);
  });

  it("of experts that a token does not read are not active", () => {
    expect(inspect(known.mixtral).parameters.active).toBe(12_879_925_248);
    expect(inspect(known.llama2).parameters.active).toBe(6_738_415_616);
  });
});

describe("work for a token", () => {
  it("is twice the matrices' numbers, the tied head among them", () => {
    const { total } = inspect(known.llama2).parameters;
    const norms = 65 * 4096;
    expect(inspect(known.llama2).work.matrices).toBe(2 * (total - 32000 * 4096 - norms));
    // GPT-2: 85,054,464 without tables, of which vectors are no matrices.
    const vectors = 12 * (13 * 768) + 2 * 768;
    expect(inspect(known.gpt2).work.matrices).toBe(2 * (124_439_808 - 1024 * 768 - vectors));
  });

  it("in attention grows with what is seen", () => {
    // 4·C numbers a key and layer; the mean token of a causal text sees (T + 1) / 2.
    expect(inspect(known.llama2, 1).work.attention).toBe(32 * 4 * 4096);
    expect(inspect(known.llama2, 4095).work.attention).toBe(32 * 4 * 4096 * 2048);
    expect(inspect(known.bert, 512).work.attention).toBe(12 * 4 * 768 * 512);
    const at = (length: number): number => inspect(known.mistral7b, length).work.attention;
    // Behind the window, no token sees more than 4096.
    expect(at(1 << 20)).toBeLessThan(32 * 4 * 4096 * 4096);
    expect(at(1 << 20) / (32 * 4 * 4096 * 4096)).toBeGreaterThan(0.99);
  });
});

describe("what is kept of a token", () => {
  it.each<[keyof typeof known, number]>([
    ["llama2", 2 * 32 * 4096], // multi-head
    ["llama3", 2 * 32 * 1024], // 8 of 32 heads
    ["gemma2b", 2 * 18 * 256], // one head
  ])("%s: %d numbers", (name, numbers) => {
    const { kept } = inspect(known[name]);
    expect(kept).toMatchObject({ numbersPerToken: numbers, bytesPerToken: 2 * numbers });
  });

  it("is no more than a window", () => {
    const { kept } = inspect(known.mistral7b, 32768);
    expect(kept!.bytesAtLength).toBe(4096 * kept!.bytesPerToken);
  });

  it("is nothing in an encoder", () => {
    expect(inspect(known.bert).kept).toBeUndefined();
  });
});

describe("the words", () => {
  it("name assumptions, and questions in order", () => {
    const { assumptions, questions } = inspect({ ...known.llama2, rms_norm_eps: null });
    expect(assumptions).toContain("rms_norm_eps = 0.000001");
    expect(questions).toEqual([
      "10.2.1",
      "10.2.2",
      "10.2.3",
      "10.2.4",
      "12.1.3",
      "12.1.4",
      "12.1.6",
      "12.1.7",
      "13.1.2",
      "13.1.3",
      "13.3.1",
      "13.4.1",
    ]);
  });

  it("tell kinds of blocks once", () => {
    const { blocks } = inspect(known.gemma2);
    expect(blocks.map(({ layers }) => layers)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });
});

describe("comparing", () => {
  it("says what differs, and nothing between equals", () => {
    const [a, b] = [inspect(known.llama2), inspect(known.llama3)];
    expect(compareModels(a, a)).toEqual([]);
    expect(compareModels(a, b)).toEqual(
      expect.arrayContaining([
        { path: "block.attention.numKeyValueHeads", a: "32", b: "8" },
        { path: "block.attention.positions.theta", a: "10000", b: "500000" },
        { path: "vocabSize", a: "32000", b: "128256" },
      ]),
    );
    expect(compareModels(a, b).some(({ path }) => path.includes("hiddenSize"))).toBe(false);
  });

  it("says what only one has", () => {
    const differences = compareModels(inspect(known.gpt2), inspect(known.llama2));
    expect(differences).toContainEqual({ path: "positions.offset", a: "0", b: undefined });
    expect(differences).toContainEqual({ path: "positions.theta", a: undefined, b: "10000" });
  });
});
