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

const letterOf = (id: number): string => String.fromCodePoint(65 + id);

/** A character for each id. */
const letters = {
  decodeStream: () => ({
    push: (ids: ArrayLike<number>) => Array.from(ids, letterOf).join(""),
    end: () => "",
  }),
};

/** Gives characters in pairs, as if each were made of two tokens. */
const twoByTwo = {
  decodeStream: () => {
    let held = "";
    return {
      push(ids: ArrayLike<number>): string {
        held += Array.from(ids, letterOf).join("");
        const whole = held.slice(0, held.length - (held.length % 2));
        held = held.slice(whole.length);
        return whole;
      },
      end: () => held,
    };
  },
};

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

describe("with a tokenizer", () => {
  const greedy = { temperature: 0, maxNewTokens: 8 };
  const texts = async (options: GenerateOptions): Promise<(string | undefined)[]> => {
    const found: (string | undefined)[] = [];
    for await (const { text } of llama.generate(PROMPT, { ...greedy, ...options }))
      found.push(text);
    return found;
  };
  /** What the model writes, a character for each token. */
  let whole: string;
  beforeAll(async () => {
    whole = (await texts({ tokenizer: letters })).join("");
  });

  it("tokens have text, without one they have none", async () => {
    const ids = await continued(llama, greedy);
    expect(whole).toBe(ids.map((id) => letterOf(id)).join(""));
    expect(await texts({})).toEqual(ids.map(() => undefined));
  });

  it("ends before a stop text, whichever comes first", async () => {
    expect((await texts({ tokenizer: letters, stop: [whole.slice(3, 5)] })).join("")).toBe(
      whole.slice(0, whole.indexOf(whole.slice(3, 5))),
    );
    const stop = [whole.slice(5), whole.slice(2, 4), "not there"];
    expect((await texts({ tokenizer: letters, stop })).join("")).toBe(
      whole.slice(0, whole.indexOf(whole.slice(2, 4))),
    );
  });

  it("holds back what may begin a stop text, and gives it if it does not", async () => {
    const stop = [`${whole.slice(2, 4)}-`];
    const found = await texts({ tokenizer: letters, stop });
    expect(found.join("")).toBe(whole);
    expect(found[2]).toBe("");
  });

  it("gives what may begin a stop text at the end", async () => {
    const found = await texts({ tokenizer: letters, stop: [`${whole.slice(-2)}-`] });
    expect(found.join("")).toBe(whole);
  });

  it("gives what the stream held back at the end, and no text for a stop id", async () => {
    expect((await texts({ tokenizer: twoByTwo, maxNewTokens: 5 })).join("")).toBe(
      whole.slice(0, 5),
    );
    const ids = await continued(llama, greedy);
    const found = await texts({ tokenizer: letters, stopIds: [ids[4]!] });
    expect(found.join("")).toBe(whole.slice(0, ids.indexOf(ids[4]!)));
  });
});

it("writes less of what was written under a penalty of repetition", async () => {
  const options = { temperature: 0, maxNewTokens: 12 };
  const free = await continued(llama, options, [30, 30, 30, 30]);
  const penalized = await continued(llama, { ...options, repetitionPenalty: 5 }, [30, 30, 30, 30]);
  expect(new Set(penalized).size).toBeGreaterThan(new Set(free).size);
});

it("frees its sessions, and opens others when asked again", async () => {
  const options = { temperature: 0, maxNewTokens: 4 };
  const before = await continued(llama, options);
  await llama.release();
  expect(await continued(llama, options)).toEqual(before);
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
  [{ minP: 2 }, "minP: expected from 0 to 1, got 2"],
  [{ minP: -0.1 }, "minP: expected from 0 to 1, got -0.1"],
  [{ repetitionPenalty: 0 }, "repetitionPenalty: expected more than 0, got 0"],
  [{ maxNewTokens: -1 }, "maxNewTokens: expected a whole number, 0 or more, got -1"],
  [{ stop: ["a"] }, "stop: texts are found with a tokenizer; give one, or stopIds"],
  [{ stop: [""], tokenizer: letters }, "stop: expected texts, got an empty one"],
])("refuses %j", async (options, message) => {
  await expect(continued(llama, options)).rejects.toThrow(ConfigError);
  await expect(continued(llama, options)).rejects.toThrow(message);
});

it("refuses an empty prompt", async () => {
  await expect(continued(llama, {}, [])).rejects.toThrow(
    "generate: expected at least one token to continue, got none",
  );
});
