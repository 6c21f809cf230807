import { existsSync, readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigReader } from "orrery-lm/formats";
import type { Network } from "orrery-lm/nn";
import {
  createArchitecture,
  initialize,
  loadModel,
  Model,
  positionEncodingNames,
} from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../../shared-data.ts";
import { ours } from "../configs.ts";
import { largestDifference } from "../reference.ts";
import { Recorder } from "./recorder.ts";

const BOUND = 1e-5;

/** Tokens that are read at a time. */
const PIECE = 256;

/** Channels of a head in the golden of that name. */
const headDimOfLlama = 4;

const own = fileURLToPath(new URL("../../../goldens/models", import.meta.url));
const shared = sharedData("checkpoints");
let native: Runtime;

beforeAll(async () => {
  native = await nativeRuntime({ threads: 1 });
});

async function record(folder: string, config = {}): Promise<[Model, Recorder]> {
  const runtime = new Recorder(native);
  const loaded = await loadModel(folder, { runtime: native });
  const { parameters } = loaded;
  return [new Model({ config: { ...loaded.config, ...config }, parameters, runtime }), runtime];
}

/** Ids of a text that does not repeat itself soon. */
function text(length: number, vocabSize: number): number[] {
  return Array.from({ length }, (_, i) => (i * i * 7 + 3 * i + 5) % vocabSize);
}

/** What the whole text at once gives for its last token. */
async function wholeText(model: Model, ids: readonly number[]): Promise<Float32Array> {
  const most = model.architecture.network.maxPositions ?? Infinity;
  const seen = ids.slice(-Math.min(most, ids.length));
  const { logits } = await model.forward({ inputIds: [seen], logits: "last" });
  return logits!.data;
}

/** The largest difference between logits with and without what was kept, over all new tokens. */
async function worstOf(
  model: Model,
  recorder: Recorder,
  given: number,
  added: number,
): Promise<number> {
  const prompt = text(given, model.architecture.network.vocabSize);
  const [ids] = await model.generateBatch([prompt], { maxNewTokens: added, temperature: 0 });
  // Whole pieces are followed by others in these tests.
  const kept = recorder.logits.filter((__, i) => recorder.tokens[i] !== PIECE).slice(-added);
  expect(kept).toHaveLength(added);
  let worst = 0;
  for (const [i, logits] of kept.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    const whole = await wholeText(model, [...prompt, ...ids!.slice(0, i)]);
    worst = Math.max(worst, largestDifference(logits, whole));
  }
  return worst;
}

describe("logits with kept keys and values are those of the whole text", () => {
  it.each<[string, string, number, number]>([
    ["a prompt, then token by token", "llama", 5, 12],
    ["one token, then token by token", "llama", 1, 4],
    ["past two doublings of the buffers", "llama", 60, 80],
    ["a prompt that fills the buffers but for one place", "llama", 63, 3],
    ["a prompt that is read in pieces", "llama", 300, 5],
    ["learned positions up to their end", "gpt2", 9, 7],
    ["learned positions past their end", "gpt2", 12, 9],
    ["a prompt past learned positions", "gpt2", 40, 3],
    ["biases by distance", "bloom", 70, 10],
  ])("%s (%s)", async (_, family, given, added) => {
    const [model, recorder] = await record(`${own}/${family}`);
    expect(await worstOf(model, recorder, given, added)).toBeLessThan(BOUND);
  });

  it("reads each token once", async () => {
    const [model, recorder] = await record(`${own}/llama`);
    await model.generateBatch([text(300, 32)], { maxNewTokens: 4, temperature: 0 });
    expect(recorder.tokens).toEqual([PIECE, 44, 1, 1, 1]);
  });

  it("reads the last tokens anew where learned positions end", async () => {
    const [model, recorder] = await record(`${own}/gpt2`);
    await model.generateBatch([text(14, 32)], { maxNewTokens: 5, temperature: 0 });
    expect(recorder.tokens).toEqual([14, 1, 1, 16, 16]);
  });

  const dynamic = { rope_type: "dynamic", rope_theta: 10_000, factor: 2 };
  const half = headDimOfLlama / 2;
  const longrope = {
    rope_type: "longrope",
    rope_theta: 10_000,
    factor: 4,
    short_factor: Array.from({ length: half }, () => 1),
    long_factor: Array.from({ length: half }, (_, i) => 1 + i),
    original_max_position_embeddings: 16,
  };

  it.each<[string, object, [number, number], readonly number[]]>([
    ["each new length, past the trained one", dynamic, [14, 6], [14, 1, 1, 17, 18, 19]],
    ["none, as long as it is short", dynamic, [4, 6], [4, 1, 1, 1, 1, 1]],
    ["each new length, in pieces", dynamic, [290, 2], [PIECE, 34, PIECE, 35]],
    ["the one length where factors change", longrope, [14, 6], [14, 1, 1, 17, 1, 1]],
  ])("reads all anew where it is turned otherwise: %s", async (_, rope, [given, added], tokens) => {
    const [model, recorder] = await record(`${own}/llama`, {
      max_position_embeddings: 16,
      rope_parameters: rope,
    });
    expect(await worstOf(model, recorder, given, added)).toBeLessThan(BOUND);
    expect(recorder.tokens).toEqual(tokens);
  });

  it("begins anew with each text", async () => {
    const [model, recorder] = await record(`${own}/llama`);
    await model.generateBatch([text(20, 32)], { maxNewTokens: 4, temperature: 0 });
    expect(await worstOf(model, recorder, 7, 3)).toBeLessThan(BOUND);
  });
});

describe.each(positionEncodingNames)("our decoder with positions %s", (name) => {
  // Weights are large, so that scores and what positions add to them are too.
  const config = {
    ...ours,
    position_encoding: name,
    max_position_embeddings: 64,
    initializer_range: 0.3,
  };
  const create = (): [Model, Recorder] => {
    const recorder = new Recorder(native);
    const { network } = createArchitecture(new ConfigReader(config));
    const parameters = initialize(network.parameters(), 3);
    return [new Model({ config, parameters, runtime: recorder }), recorder];
  };

  it("writes with kept keys what the whole text says", async () => {
    const [model, recorder] = create();
    expect(await worstOf(model, recorder, 20, 6)).toBeLessThan(3e-5);
  });

  it("writes side by side what it writes alone", async () => {
    const [model] = create();
    const prompts = [text(9, 40), text(4, 37), text(12, 39)];
    const options = { maxNewTokens: 5, temperature: 0 };
    const together = await model.generateBatch(prompts, options);
    for (const [i, prompt] of prompts.entries()) {
      // oxlint-disable-next-line no-await-in-loop
      expect([together[i]]).toEqual(await model.generateBatch([prompt], options));
    }
  });
});

/** Folders of models that can be read. */
function folders(kind: Network["kind"]): string[] {
  if (shared === undefined) return [];
  return readdirSync(shared).filter((name) => {
    const path = `${shared}/${name}/config.json`;
    // Sharded ones are the business of loading.
    if (!existsSync(path) || !existsSync(`${shared}/${name}/model.safetensors`)) return false;
    try {
      const { network } = createArchitecture(ConfigReader.parse(readFileSync(path)));
      return network.kind === kind;
    } catch {
      return false; // `shared-checkpoints.test.ts` misses it
    }
  });
}

describe.skipIf(shared === undefined)(`decoders of the reference (${NO_SHARED_DATA})`, () => {
  it.each(folders("decoder"))("%s: with and without what was kept", async (name) => {
    const [model, recorder] = await record(`${shared}/${name}`);
    // Past windows of 8, and past the length at which rotations of 16 change.
    expect(await worstOf(model, recorder, 13, 12)).toBeLessThan(name === "gemma2" ? 3e-5 : BOUND);
  });
});

describe.skipIf(shared === undefined)(
  `encoder–decoders of the reference (${NO_SHARED_DATA})`,
  () => {
    const prompts = [text(9, 96), text(4, 91), text(12, 90)];

    it.each(folders("encoder-decoder"))("%s: reads a text once, and writes", async (name) => {
      const [model, recorder] = await record(`${shared}/${name}`);
      const [ids] = await model.generateBatch([prompts[0]!], { maxNewTokens: 12, temperature: 0 });
      expect(recorder.encoded).toBe(1);
      expect(recorder.tokens).toEqual(ids!.map(() => 1));
      const start = model.architecture.decoderStart!;
      for (const [i, logits] of recorder.logits.entries()) {
        const decoderInputIds = [[start, ...ids!.slice(0, i)]];
        // oxlint-disable-next-line no-await-in-loop
        const whole = await model.forward({
          inputIds: [prompts[0]!],
          decoderInputIds,
          logits: "last",
        });
        expect(largestDifference(logits, whole.logits!.data)).toBeLessThan(BOUND);
      }
    });

    it.each(folders("encoder-decoder"))("%s: writes several answers side by side", async (name) => {
      const [model] = await record(`${shared}/${name}`);
      const options = { maxNewTokens: 8, temperature: 0 };
      const together = await model.generateBatch(prompts, options);
      for (const [i, prompt] of prompts.entries()) {
        // oxlint-disable-next-line no-await-in-loop
        expect([together[i]]).toEqual(await model.generateBatch([prompt], options));
      }
    });

    it.runIf(folders("encoder-decoder").includes("bart"))(
      "bart: refuses to write past its learned positions",
      async () => {
        const [model] = await record(`${shared}/bart`);
        const writing = model.generateBatch([[5, 6]], { maxNewTokens: 65, temperature: 0 });
        await expect(writing).rejects.toThrow(/learned 64 positions and can write no more/);
      },
    );

    it.runIf(folders("encoder").includes("bert"))("bert: is no model that writes", async () => {
      const [model] = await record(`${shared}/bert`);
      await expect(model.generateBatch([[5, 6]])).rejects.toThrow(
        /an encoder .* continues no text/,
      );
    });
  },
);

describe("texts of different lengths side by side", () => {
  it.each(["gpt2", "llama", "bloom"])("get what each gets alone (%s)", async (family) => {
    const [model, recorder] = await record(`${own}/${family}`);
    const prompts = [text(9, 32), [4], text(6, 31)];
    const options = { maxNewTokens: 6, temperature: 0 };
    const together = await model.generateBatch(prompts, options);
    const rows = recorder.logits.splice(0);
    for (const [i, prompt] of prompts.entries()) {
      // oxlint-disable-next-line no-await-in-loop
      const [alone] = await model.generateBatch([prompt], options);
      expect(together[i]).toEqual(alone);
      recorder.logits.splice(0).forEach((logits, step) => {
        const row = rows[step]!.subarray(i * 32, (i + 1) * 32);
        expect(largestDifference(row, logits)).toBeLessThan(BOUND);
      });
    }
  });

  it("end each by itself", async () => {
    const [model] = await record(`${own}/llama`);
    const prompts = [text(9, 32), [4], text(6, 31)];
    const free = await model.generateBatch(prompts, { maxNewTokens: 8, temperature: 0 });
    const stopIds = [free[1]![2]!];
    const ended = await model.generateBatch(prompts, { maxNewTokens: 8, temperature: 0, stopIds });
    const upTo = (ids: number[]): number[] => {
      const end = ids.indexOf(stopIds[0]!);
      return end < 0 ? ids : ids.slice(0, end + 1);
    };
    expect(ended).toEqual(free.map(upTo));
  });

  it("draw the first as alone, and others apart", async () => {
    const [model] = await record(`${own}/llama`);
    const options = { maxNewTokens: 10, seed: 3, temperature: 2 };
    const [first, second] = await model.generateBatch([[4], [4]], options);
    const alone: number[] = [];
    for await (const { id } of model.generate([4], options)) alone.push(id);
    expect(first).toEqual(alone);
    expect(second).not.toEqual(alone);
  });

  it("give nothing for no texts", async () => {
    const [model] = await record(`${own}/llama`);
    expect(await model.generateBatch([])).toEqual([]);
  });
});

it.each([32, -1, 0.5, NaN])("refuses %d as an id", async (id) => {
  const [model] = await record(`${own}/llama`);
  const message = `expected ids in [0, 32), got ${id} at index 1`;
  await expect(model.generateBatch([[3, id]])).rejects.toThrow(message);
});
