import { ConfigError, type FourWords, philox4x32, random } from "orrery-lm/base";
import { describe, expect, it } from "vitest";
import { cosSinOfTurn, logOfFraction } from "../../src/base/portable-math.ts";

// Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, result.
const ONES = 0xffffffff;
const VECTORS: [FourWords, [number, number], FourWords][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [ONES, ONES, ONES, ONES],
    [ONES, ONES],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

it.each(VECTORS)("Philox 4x32-10 of counter %j, key %j is %j", (counter, key, words) => {
  expect(philox4x32(counter, key)).toEqual(words);
});

// From a Python program that follows the documentation: integers for the hash and Philox,
// mpmath 1.3.0 (40 digits) for the normal pairs.
const STREAMS = [
  {
    seed: 0,
    name: [],
    words: [0x2f443ff, 0x4d7f45ec, 0xba9b3732, 0x78287b48, 0xf4aa6d24],
    uniforms: [0.011539697484747258, 0.7289309023109655, 0.9557254996480102, 0.4302453996846791],
    normals: [-0.3943070327449018, -2.961156265617551, -0.2725022155522655, 0.12771697366150417],
  },
  {
    seed: 1,
    name: ["dropout", 3],
    words: [0x45d50fbf, 0xa7318fc3, 0xee263582, 0xe314db35, 0x33b1b6be],
    uniforms: [0.27278231076269865, 0.9302705235050611, 0.20193044795931492, 0.588019943721007],
    normals: [1.4596385467371193, -0.6838257889258906, -1.522107534959887, -0.9396023455844653],
  },
  {
    seed: 42,
    name: ["weights", "é"],
    words: [0x4940b046, 0x84bacc32, 0xb0d51731, 0x9de4efce, 0x3e1e7bfb],
    uniforms: [0.2861433193363424, 0.6907515045294478, 0.2426526537128615, 0.32118173857424814],
    normals: [-0.5753983054398433, -1.4735812649237217, -0.7278428863898573, 1.5173968717349493],
  },
];

describe.each(STREAMS)("the stream of $seed, $name", ({ seed, name, words, uniforms, normals }) => {
  it("draws the reference's words and uniform numbers", () => {
    const byWord = random(seed, ...name);
    expect(words.map(() => byWord.uint32())).toEqual(words);
    const byUniform = random(seed, ...name);
    expect(uniforms.map(() => byUniform.uniform())).toEqual(uniforms);
  });

  it("draws the reference's normal numbers", () => {
    const stream = random(seed, ...name);
    // A single draw takes the first of each pair.
    expect(Math.abs(stream.normal() - normals[0]!)).toBeLessThan(1e-15);
    expect(Math.abs(stream.normal() - normals[2]!)).toBeLessThan(1e-15);
    const filled = new Float32Array(4);
    random(seed, ...name).fillNormal(filled, 1);
    expect(filled).toEqual(Float32Array.from(normals));
  });
});

it("fills alike in one piece and in several", () => {
  const whole = new Float32Array(12);
  random(7).fillNormal(whole, 0.02, 1);
  const stream = random(7);
  const pieces = [4, 2, 6].map((length) => new Float32Array(length));
  for (const piece of pieces) stream.fillNormal(piece, 0.02, 1);
  expect(pieces.flatMap((piece) => [...piece])).toEqual([...whole]);

  const uniforms = new Float32Array(8);
  random(7).fillUniform(uniforms, -1, 3);
  const words = random(7);
  expect([...uniforms]).toEqual(
    [...uniforms].map(() => Math.fround(-1 + 4 * ((words.uint32() >>> 8) / 2 ** 24))),
  );
});

it.each([1, 3, 5])("continues after an odd fill of %i with a new block", (length) => {
  const stream = random(9);
  stream.uint32();
  const filled = new Float32Array(length);
  stream.fillUniform(filled, 0, 1);
  const words = random(9);
  const sequence = Array.from({ length: 13 }, () => words.uint32());
  expect(filled[0]).toBe((sequence[4]! >>> 8) / 2 ** 24);
  expect(stream.uint32()).toBe(sequence[4 + 4 * Math.ceil(length / 4)]);
});

it("keeps names apart", () => {
  const names = [[], [1], ["1"], ["a", "b"], ["ab"], ["a,b"], [1, 1], [11], ["\ud800"], ["\ud801"]];
  const firsts = names.map((name) => random(1, ...name).uint32());
  expect(new Set(firsts).size).toBe(names.length);
});

it("does not let streams disturb each other", () => {
  const [a, b] = [random(1, "a"), random(1, "a")];
  const first = [a.uint32(), a.uint32()];
  random(1, "b").permutation(10);
  expect([b.uint32(), b.uint32()]).toEqual(first);
});

it.each([1.5, NaN, Infinity, 2 ** 53])("refuses the seed %d", (seed) => {
  expect(() => random(seed)).toThrow(ConfigError);
  expect(() => random(1, "a", seed)).toThrow(ConfigError);
});

describe("distributions", () => {
  const N = 100_000;
  // Bounds are five standard errors: a sound generator leaves them once in two million seeds.
  it("normal: mean, variance, tails", () => {
    const out = new Float32Array(N);
    random(3, "normal").fillNormal(out, 1);
    const mean = out.reduce((sum, x) => sum + x, 0) / N;
    const variance = out.reduce((sum, x) => sum + x * x, 0) / N;
    const beyondTwo = out.filter((x) => Math.abs(x) > 2).length / N;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(N));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
    // P(|x| > 2) = erfc(√2)
    expect(Math.abs(beyondTwo - 0.0455003)).toBeLessThan(5 * Math.sqrt(0.0455 / N));
  });

  it("uniform: mean and bounds", () => {
    const out = new Float32Array(N);
    random(3, "uniform").fillUniform(out, -2, 2);
    const mean = out.reduce((sum, x) => sum + x, 0) / N;
    expect(Math.abs(mean)).toBeLessThan((5 * 4) / Math.sqrt(12 * N));
    expect(out.every((x) => x >= -2 && x < 2)).toBe(true);
    expect(out.some((x) => x < -1.99) && out.some((x) => x > 1.99)).toBe(true);
  });

  it("integer: every value as often, for a range that does not divide 2^32", () => {
    const stream = random(3, "integer");
    const counts = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < N; i++) counts[stream.integer(7)]! += 1;
    for (const count of counts) {
      expect(Math.abs(count - N / 7)).toBeLessThan(5 * Math.sqrt(N / 7));
    }
  });

  it("integer: a remainder alone would favor the first third", () => {
    // 2^32 mod n = n/3 for n = 3 · 2^30, so that a bare remainder falls there half of the time.
    const stream = random(3, "bias");
    let low = 0;
    for (let i = 0; i < N; i++) if (stream.integer(3 * 2 ** 30) < 2 ** 30) low += 1;
    expect(Math.abs(low - N / 3)).toBeLessThan(5 * Math.sqrt((N * 2) / 9));
  });

  it("integer: reaches past 32 bits", () => {
    const stream = random(3, "wide");
    const draws = Array.from({ length: 100 }, () => stream.integer(2 ** 53));
    expect(Math.max(...draws)).toBeGreaterThan(2 ** 52);
    expect(draws.every((x) => Number.isSafeInteger(x))).toBe(true);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 54])("integer: refuses %d", (n) => {
    expect(() => random(0).integer(n)).toThrow(ConfigError);
  });

  it.each([0, 1, 2, 100])("permutation of %i holds each number once", (n) => {
    const order = random(5).permutation(n);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  it("permutation: each order of three as often", () => {
    const stream = random(5, "orders");
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.permutation(3).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * 29);
  });
});

describe("arithmetic that is the same everywhere", () => {
  it("agrees with the engine's logarithm", () => {
    const stream = random(11);
    const inputs = [1, 2, 3, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
    for (let i = 0; i < 1000; i++) inputs.push(1 + stream.integer(2 ** 53));
    for (const n of inputs) {
      const want = Math.log(n / 2 ** 53);
      const error = Math.abs(logOfFraction(n) - want);
      expect(error).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(want)));
    }
  });

  it("agrees with the engine's sine and cosine", () => {
    const stream = random(12);
    const inputs = Array.from({ length: 64 }, (_, i) => i / 64);
    for (let i = 0; i < 1000; i++) inputs.push(stream.uniform());
    for (const turn of inputs) {
      const [cos, sin] = cosSinOfTurn(turn);
      expect(Math.abs(cos - Math.cos(2 * Math.PI * turn))).toBeLessThan(1.5e-15);
      expect(Math.abs(sin - Math.sin(2 * Math.PI * turn))).toBeLessThan(1.5e-15);
    }
    expect([0, 0.25, 0.5, 0.75].map((turn) => cosSinOfTurn(turn).map((x) => x + 0))).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]);
  });
});
