import { countParameters, initialize, positionEncodingNames } from "orrery-lm/models";
import { describe, expect, it } from "vitest";
import { build, golden, ours, type Config } from "./configs.ts";

describe("countParameters", () => {
  // Worked out by hand from the widths.
  it.each<[string, Config, { total: number; embedding: number }]>([
    [
      "gpt2",
      golden.gpt2,
      {
        total: (32 + 16) * 16 + 2 * (2 * 32 + 4 * (256 + 16) + 16 * 64 * 2 + 64 + 16) + 32,
        embedding: (32 + 16) * 16,
      },
    ],
    [
      "llama, untied",
      golden.llama,
      {
        total: 2 * 32 * 16 + 2 * (2 * 16 + 2 * 256 + 2 * 128 + 3 * 16 * 24) + 16,
        embedding: 32 * 16,
      },
    ],
    [
      "ours with a learned table",
      { ...ours, position_encoding: "learned" },
      {
        total: (40 + 8) * 32 + 2 * (2 * 32 + 4 * 32 * 32 + 3 * 32 * 48) + 32,
        embedding: (40 + 8) * 32,
      },
    ],
  ])("of %s", (_, config, want) => {
    expect(countParameters(build(config).network.parameters())).toEqual(want);
  });
});

describe("initialize", () => {
  const specs = build(ours).network.parameters();

  it("gives equal numbers for equal seeds, and others for others", () => {
    expect(initialize(specs, 3)).toEqual(initialize(specs, 3));
    const [a, b] = [initialize(specs, 3), initialize(specs, 4)];
    expect(a.get("embedding.weight")).not.toEqual(b.get("embedding.weight"));
  });

  it("gives two parameters of one shape different numbers", () => {
    const parameters = initialize(specs, 3);
    expect(parameters.get("layers.0.attention.query.weight")).not.toEqual(
      parameters.get("layers.1.attention.query.weight"),
    );
  });

  const declared = { ...specs, ...build(golden.gpt2).network.parameters() };
  const namesOf = (type: string): string[] =>
    Object.keys(declared).filter((name) => declared[name]!.init.type === type);

  it.each(namesOf("normal"))("draws %s with the declared deviation", (name) => {
    const { init, shape } = declared[name]!;
    const std = "std" in init ? init.std : NaN;
    const data = initialize(declared, 1).get(name)!;
    expect(data.length).toBe(shape.reduce((x, y) => x * y, 1));
    const mean = data.reduce((x, y) => x + y, 0) / data.length;
    const square = data.reduce((x, y) => x + y * y, 0) / data.length;
    // Four deviations of the estimates themselves.
    expect(Math.abs(mean)).toBeLessThan((4 * std) / Math.sqrt(data.length));
    expect(Math.abs(Math.sqrt(square) / std - 1)).toBeLessThan(4 / Math.sqrt(2 * data.length));
  });

  it.each([
    ["gains", "ones", 1],
    ["biases", "zeros", 0],
  ])("sets %s", (_, type, value) => {
    const parameters = initialize(declared, 1);
    expect(namesOf(type).length).toBeGreaterThan(4);
    for (const name of namesOf(type)) {
      expect(new Set(parameters.get(name)), name).toEqual(new Set([value]));
    }
  });

  it("scales what writes to the residual stream by the depth", () => {
    expect(specs["layers.0.attention.query.weight"]!.init).toEqual({ type: "normal", std: 0.02 });
    for (const name of ["layers.0.attention.output.weight", "layers.1.ffn.down.weight"]) {
      expect(specs[name]!.init).toEqual({ type: "normal", std: 0.01 }); // 0.02 / √(2 · 2)
    }
  });

  it("starts what two position encodings share equally", () => {
    const starts = positionEncodingNames.map((name) =>
      initialize(build({ ...ours, position_encoding: name }).network.parameters(), 5),
    );
    const [first, ...others] = starts;
    for (const other of others) {
      const own = [...other.keys()].filter((name) => !first!.has(name));
      expect(own.filter((name) => !/positions\.|attention\.relative\./.test(name))).toEqual([]);
      for (const [name, data] of first!) expect(other.get(name), name).toEqual(data);
    }
  });
});
