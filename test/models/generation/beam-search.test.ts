import { fileURLToPath } from "node:url";
import { loadModel, modelFamilies, type BeamSearchOptions, type Model } from "orrery-lm/models";
import { nativeRuntime, type Runtime } from "orrery-lm/runtime";
import { beforeAll, describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../../shared-data.ts";
import { golden } from "./golden.ts";

const own = fileURLToPath(new URL("../../../goldens/models", import.meta.url));
const shared = sharedData("checkpoints");
let runtime: Runtime;
const models = new Map<string, Promise<Model>>();

beforeAll(async () => {
  runtime = await nativeRuntime({ threads: 1 });
});

function load(folder: string): Promise<Model> {
  const known = models.get(folder) ?? loadModel(folder, { runtime });
  models.set(folder, known);
  return known;
}

function checkSearches(names: readonly string[], folder: string): void {
  const rows = golden.searches.filter(({ model }) => names.includes(model));
  it.each(rows.map((row) => ({ ...row, name: `${row.model} ${JSON.stringify(row.options)}` })))(
    "finds what transformers finds: $name",
    async ({ model, prompt, options, found }) => {
      const search = await load(`${folder}/${model}`);
      const all = { maxNewTokens: golden.newTokens, stopIds: [2], ...options };
      const texts = await search.beamSearch(prompt, all);
      expect(texts.map(({ ids }) => ids)).toEqual(found.map(({ ids }) => ids));
      texts.forEach(({ score }, i) => {
        const want = found[i]!.score ?? score;
        expect(Math.abs(score - want)).toBeLessThan(1e-5 * Math.max(1, Math.abs(want)));
      });
    },
  );
}

describe("beam search with decoders", () => {
  checkSearches(["gpt2", "llama", "bloom"], own);
});

describe.skipIf(shared === undefined)(
  `beam search with encoder–decoders (${NO_SHARED_DATA})`,
  () => {
    const known = ["t5", "bart"].filter((name) => modelFamilies.includes(name));
    checkSearches(known, shared!);
  },
);

it("gives nothing for no new tokens", async () => {
  const model = await load(`${own}/llama`);
  expect(await model.beamSearch([3], { maxNewTokens: 0 })).toEqual([{ ids: [], score: 0 }]);
});

it.each<[BeamSearchOptions, string]>([
  [{ numBeams: 0 }, "numBeams: expected a whole number, 1 or more, got 0"],
  [{ numBeams: 1.5 }, "numBeams: expected a whole number, 1 or more, got 1.5"],
  [{ lengthPenalty: NaN }, "lengthPenalty: expected a number, got NaN"],
  [{ maxNewTokens: -1 }, "maxNewTokens: expected a whole number, 0 or more, got -1"],
])("refuses %j", async (options, message) => {
  const model = await load(`${own}/llama`);
  await expect(model.beamSearch([3], options)).rejects.toThrow(message);
});
