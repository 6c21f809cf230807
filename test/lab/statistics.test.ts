import { ConfigError } from "orrery-lm/base";
import {
  mean,
  median,
  pairedDifference,
  sampleStandardDeviation,
  studentTQuantile,
  studentTWithin,
  summarize,
} from "orrery-lm/lab";
import { describe, expect, it } from "vitest";

describe("Student's t", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2: critical values, 3 decimals.
  // The columns there are one-sided (0.90, 0.95, 0.975, 0.995).
  it.each([
    [0.8, 1, 3.078],
    [0.9, 1, 6.314],
    [0.95, 1, 12.706],
    [0.99, 1, 63.657],
    [0.8, 2, 1.886],
    [0.9, 2, 2.92],
    [0.95, 2, 4.303],
    [0.99, 2, 9.925],
    [0.95, 3, 3.182],
    [0.95, 4, 2.776],
    [0.99, 4, 4.604],
    [0.95, 5, 2.571],
    [0.95, 9, 2.262],
    [0.99, 9, 3.25],
    [0.95, 10, 2.228],
    [0.95, 29, 2.045],
    [0.95, 30, 2.042],
    [0.99, 30, 2.75],
    [0.95, 100, 1.984],
  ])("confidence %d with %d degrees of freedom: %d", (confidence, degreesOfFreedom, expected) => {
    expect(studentTQuantile(confidence, degreesOfFreedom)).toBeCloseTo(expected, 3);
  });

  it("approaches the normal distribution", () => {
    expect(studentTQuantile(0.95, 100_001)).toBeCloseTo(1.959964, 4);
    expect(studentTQuantile(0.95, 100_000)).toBeCloseTo(1.959964, 4);
  });

  it.each([1, 2, 3, 7, 12])("inverts its distribution (%d degrees of freedom)", (degrees) => {
    for (const confidence of [0.01, 0.5, 0.9, 0.999]) {
      expect(studentTWithin(studentTQuantile(confidence, degrees), degrees)).toBeCloseTo(
        confidence,
        12,
      );
    }
  });

  it.each([
    [0, 1],
    [1, 1],
    [Number.NaN, 1],
    [0.95, 0],
    [0.95, 1.5],
  ])("refuses confidence %d with %d degrees of freedom", (confidence, degrees) => {
    expect(() => studentTQuantile(confidence, degrees)).toThrow(ConfigError);
  });

  it("refuses broken degrees of freedom by name", () => {
    expect(() => studentTWithin(1, 2.5)).toThrow(/degreesOfFreedom .* got 2.5/);
  });
});

describe("mean, median and spread", () => {
  it.each([
    { values: [4], mean: 4, median: 4 },
    { values: [3, 1, 2], mean: 2, median: 2 },
    { values: [10, 1, 3, 2], mean: 4, median: 2.5 },
    { values: [-1, -1, 5, 100, 2], mean: 21, median: 2 },
  ])("$values", ({ values, mean: expectedMean, median: expectedMedian }) => {
    expect(mean(values)).toBe(expectedMean);
    expect(median(values)).toBe(expectedMedian);
  });

  it("does not sort the caller's values", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("divides by n - 1", () => {
    expect(sampleStandardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 14);
    expect(sampleStandardDeviation([5, 5])).toBe(0);
  });

  it.each([
    ["mean", () => mean([])],
    ["median", () => median([])],
    ["summarize", () => summarize([])],
    ["sampleStandardDeviation", () => sampleStandardDeviation([1])],
  ])("%s refuses too few values", (_, call) => {
    expect(call).toThrow(ConfigError);
  });
});

describe("summarize", () => {
  it("gives the t interval of the mean", () => {
    const summary = summarize([1, 2, 3]);
    expect(summary).toMatchObject({ count: 3, mean: 2, standardDeviation: 1 });
    // 4.302653 / √3
    expect(summary.low).toBeCloseTo(2 - 2.484138, 5);
    expect(summary.high).toBeCloseTo(2 + 2.484138, 5);
  });

  it("gives a single value no interval", () => {
    expect(summarize([7])).toEqual({
      count: 1,
      mean: 7,
      standardDeviation: null,
      low: null,
      high: null,
    });
  });

  it("widens with the confidence", () => {
    expect(summarize([1, 2, 4], 0.99).high!).toBeGreaterThan(summarize([1, 2, 4], 0.9).high!);
  });
});

describe("pairedDifference", () => {
  it("cancels what the seed does to both arms", () => {
    const seeds = [0, 10, 20];
    const difference = pairedDifference(
      seeds.map((s) => s + 1.5),
      seeds.map((s) => s + 1),
    );
    expect(difference).toMatchObject({ count: 3, mean: 0.5, low: 0.5, high: 0.5 });
  });

  it("refuses arms of different length", () => {
    expect(() => pairedDifference([1, 2], [1])).toThrow(/2 and 1/);
  });
});
