import { initialize, Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { evaluate } from "orrery-lm/training";
import { beforeAll, describe, expect, it } from "vitest";
import { tinyArchitecture, tinyConfig, tinyTokens } from "./tiny.ts";

let runtime: Runtime;
beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 2 });
});

function tinyModel(change: Record<string, unknown> = {}): Model {
  const parameters = initialize(tinyArchitecture(change).network.parameters(), 3);
  for (const data of parameters.values()) data.forEach((value, i) => (data[i] = value * 8)); // not uniform
  return new Model({ config: tinyConfig(change), parameters, runtime });
}

/** The loss of token `at` + 1 given the tokens from `start`, by a forward pass of its own. */
async function lossOf(
  model: Model,
  tokens: Uint32Array,
  start: number,
  at: number,
): Promise<number> {
  const window = tokens.subarray(start, at + 1);
  const { logits } = await model.forward({ inputIds: [[...window]], logits: "last" });
  const total = Math.log(logits!.data.reduce((sum, value) => sum + Math.exp(value), 0));
  return total - logits!.data[tokens[at + 1]!]!;
}

describe("evaluate", () => {
  it.each([
    ["side by side", 6],
    ["overlapping", 2],
    ["one by one", 1],
  ])("scores what separate passes score, windows %s", async (_, stride) => {
    const [model, tokens, length] = [tinyModel(), tinyTokens(31), 6];
    const losses: number[] = [];
    for (let start = 0; start + length < tokens.length; start += stride) {
      for (let t = start === 0 ? 0 : length - stride; t < length; t++) {
        // oxlint-disable-next-line no-await-in-loop
        losses.push(await lossOf(model, tokens, start, start + t));
      }
    }
    const result = await evaluate(model, tokens, { length, stride, maxTokens: 1000 });
    expect(result.tokens).toBe(losses.length);
    expect(result.loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / losses.length, 5);
  });

  it("gives the mean loss at each position", async () => {
    const [model, tokens] = [tinyModel(), tinyTokens(25)];
    const { perPosition, loss } = await evaluate(model, tokens, {
      length: 8,
      stride: 8,
      maxTokens: 1000,
    });
    const third = [0, 8, 16].map((start) => lossOf(model, tokens, start, start + 2));
    const mean = (await Promise.all(third)).reduce((a, b) => a + b, 0) / 3;
    expect(perPosition[2]).toBeCloseTo(mean, 5);
    expect(perPosition.reduce((a, b) => a + b, 0) / 8).toBeCloseTo(loss, 10);
  });

  it("does not depend on how many windows are read at once", async () => {
    const [model, tokens] = [tinyModel(), tinyTokens(200)];
    const options = { length: 8, stride: 4, maxTokens: 100 };
    const one = await evaluate(model, tokens, { ...options, tokensPerPass: 8 });
    const many = await evaluate(model, tokens, options);
    expect(one.loss).toBeCloseTo(many.loss, 6);
    expect(one.tokens).toBe(many.tokens);
  });

  it("reads past a table of learned positions only with its last row repeated", async () => {
    const model = tinyModel({ position_encoding: "learned" });
    const options = { length: 16, stride: 16, maxTokens: 100 };
    await expect(evaluate(model, tinyTokens(), options)).rejects.toThrow(
      "position 15 is past the table of learned positions, which has 8 rows",
    );
    expect(
      (await evaluate(model, tinyTokens(), { ...options, lastPosition: 7 })).loss,
    ).toBeGreaterThan(0);
  });

  it.each([
    [{ length: 8, stride: 9, maxTokens: 100 }, "stride: expected 1 to 8 tokens, got 9"],
    [{ length: 500, stride: 8, maxTokens: 1000 }, "expected at least 501 tokens"],
  ])("refuses %o", async (options, message) => {
    await expect(evaluate(tinyModel(), tinyTokens(), options)).rejects.toThrow(message);
  });
});
