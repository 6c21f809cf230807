import { fileURLToPath } from "node:url";
import { ConfigError } from "orrery-lm/base";
import { loadModel, type GenerateOptions, type Model } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";

const PROMPT = [3, 17, 9];
let gpt2: Model;
let llama: Model;

beforeAll(async () => {
  const runtime = await nativeRuntime({ threads: 1 });
  const load = (family: string): Promise<Model> =>
    loadModel(fileURLToPath(new URL(`../../goldens/models/${family}`, import.meta.url)), {
      runtime,
    });
  [gpt2, llama] = [await load("gpt2"), await load("llama")];
});

async function continued(
  model: Model,
  options: GenerateOptions,
  prompt: ArrayLike<number> = PROMPT,
): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of model.generate(prompt, options)) ids.push(id);
  return ids;
}

/** The probabilities of the next token, likeliest first. */
async function nextTokens(model: Model, ids: number[]): Promise<{ id: number; p: number }[]> {
  const { logits } = await model.forward({ inputIds: [ids], logits: "last" });
  const weights = Array.from(logits!.data, Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight, id) => ({ id, p: weight / total })).sort((a, b) => b.p - a.p);
}

/** How often each id comes first, over many seeds. */
async function firstTokens(options: GenerateOptions, draws: number): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (let seed = 0; seed < draws; seed++) {
    // oxlint-disable-next-line no-await-in-loop
    const [id] = await continued(llama, { ...options, seed, maxNewTokens: 1 });
    counts.set(id!, (counts.get(id!) ?? 0) + 1);
  }
  return counts;
}

describe("the likeliest token", () => {
  it("is what temperature 0 takes, as forward says", async () => {
    const ids = await continued(llama, { temperature: 0, maxNewTokens: 5 });
    for (const [i, id] of ids.entries()) {
      // oxlint-disable-next-line no-await-in-loop
      const [first] = await nextTokens(llama, [...PROMPT, ...ids.slice(0, i)]);
      expect(id).toBe(first!.id);
    }
  });

  it.each<[string, GenerateOptions]>([
    ["topK 1", { topK: 1 }],
    ["a topP that one token reaches", { topP: 1e-6 }],
    ["a temperature near 0", { temperature: 1e-4 }],
  ])("is what %s takes, with any seed", async (_, options) => {
    const greedy = await continued(llama, { temperature: 0, maxNewTokens: 5 });
    for (const seed of [0, 1, 2]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await continued(llama, { ...options, seed, maxNewTokens: 5 })).toEqual(greedy);
    }
  });
});

describe("drawing", () => {
  it("gives the same text from the same seed, and another from another", async () => {
    const options = { maxNewTokens: 12 };
    const first = await continued(llama, { ...options, seed: 1 });
    expect(await continued(llama, { ...options, seed: 1 })).toEqual(first);
    expect(await continued(llama, { ...options, seed: 2 })).not.toEqual(first);
    expect(await continued(llama, options)).toEqual(
      await continued(llama, { ...options, seed: 0 }),
    );
  });

  it("follows the probabilities", async () => {
    const [likeliest] = await nextTokens(llama, PROMPT);
    const draws = 400;
    const counts = await firstTokens({}, draws);
    const deviation = Math.sqrt((likeliest!.p * (1 - likeliest!.p)) / draws);
    const share = counts.get(likeliest!.id)! / draws;
    expect(Math.abs(share - likeliest!.p)).toBeLessThan(4 * deviation);
  });

  it("keeps to the k likeliest", async () => {
    const likeliest = (await nextTokens(llama, PROMPT)).slice(0, 3).map(({ id }) => id);
    const counts = await firstTokens({ topK: 3, temperature: 2 }, 60);
    expect(new Set(counts.keys())).toEqual(new Set(likeliest));
  });

  it("keeps to the fewest whose probabilities reach p", async () => {
    const ranked = await nextTokens(llama, PROMPT);
    const topP = ranked[0]!.p + ranked[1]!.p / 2; // the second token is needed, the third is not
    const counts = await firstTokens({ topP }, 60);
    expect(new Set(counts.keys())).toEqual(new Set([ranked[0]!.id, ranked[1]!.id]));
  });
});

it("ends after a stop id, which it gives too", async () => {
  const greedy = await continued(llama, { temperature: 0, maxNewTokens: 8 });
  const stop = greedy[3]!;
  const ids = await continued(llama, { temperature: 0, maxNewTokens: 8, stopIds: [31, stop] });
  expect(ids).toEqual(greedy.slice(0, greedy.indexOf(stop) + 1));
});

it("gives nothing for no new tokens", async () => {
  expect(await continued(llama, { maxNewTokens: 0 })).toEqual([]);
});

it("reads the last tokens where learned positions end", async () => {
  const prompt = Array.from({ length: 20 }, (_, i) => (7 * i) % 32);
  const ids = await continued(gpt2, { temperature: 0, maxNewTokens: 3 }, prompt);
  const window = prompt.slice(-16);
  expect(ids[0]).toBe((await nextTokens(gpt2, window))[0]!.id);
  expect(ids).toEqual(await continued(gpt2, { temperature: 0, maxNewTokens: 3 }, window));
  // A model without such a table reads everything.
  const [all] = await continued(llama, { temperature: 0, maxNewTokens: 1 }, prompt);
  expect(all).toBe((await nextTokens(llama, prompt))[0]!.id);
});

it.each<[GenerateOptions, string]>([
  [{ temperature: -1 }, "temperature: expected 0 or more, got -1"],
  [{ temperature: NaN }, "temperature: expected 0 or more, got NaN"],
  [{ topK: 1.5 }, "topK: expected a whole number, 0 or more, got 1.5"],
  [{ topP: 0 }, "topP: expected more than 0 and at most 1, got 0"],
  [{ topP: 1.1 }, "topP: expected more than 0 and at most 1, got 1.1"],
  [{ maxNewTokens: -1 }, "maxNewTokens: expected a whole number, 0 or more, got -1"],
])("refuses %j", async (options, message) => {
  await expect(continued(llama, options)).rejects.toThrow(ConfigError);
  await expect(continued(llama, options)).rejects.toThrow(message);
});

it("refuses an empty prompt", async () => {
  await expect(continued(llama, {}, [])).rejects.toThrow(
    "generate: expected at least one token to continue, got none",
  );
});
