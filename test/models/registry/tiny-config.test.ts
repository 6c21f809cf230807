import { ConfigError } from "orrery-lm/base";
import { ConfigReader } from "orrery-lm/formats";
import {
  createArchitecture,
  initialize,
  inspectModel,
  missingParts,
  Model,
  modelFamilies,
  openRegistry,
  tinyConfig,
  type RegistryRow,
} from "orrery-lm/models";
import { openRuntime } from "orrery-lm/runtime";
import { describe, expect, it } from "vitest";

const { rows } = await openRegistry();
const runtime = await openRuntime();
const built = rows.filter(({ id }) => missingParts[id] === undefined);

describe("a tiny model of", () => {
  it.each(built.map((row) => [row.id, row] as const))("%s runs", async (_, row) => {
    const config = tinyConfig(row);
    const { network } = createArchitecture(new ConfigReader(config));
    const model = new Model({ config, parameters: initialize(network.parameters(), 1), runtime });
    const ids = [Array.from({ length: 20 }, (_, i) => (7 * i + 3) % 90)];
    const { logits } = await model.forward({
      inputIds: ids,
      ...(network.kind === "encoder-decoder" && { decoderInputIds: [[2, 5, 9]] }),
    });
    expect(logits!.shape).toEqual([1, network.kind === "encoder-decoder" ? 3 : 20, 96]);
    expect(logits!.data.every(Number.isFinite)).toBe(true);
    // Numbers that start as zeros would be finite too.
    expect(logits!.data.some((x) => Math.abs(x) > 1e-6)).toBe(true);
    await model.release();
  });

  it.each(built.map((row) => [row.id, row] as const))("%s has its choices", (_, row) => {
    expect(choicesOf(row)).toEqual(expectedOf(row));
  });
});

it("is told whole: each block says its attention, its FFN and how they are joined", () => {
  const silent = built.filter((row) =>
    inspectModel(new ConfigReader(tinyConfig(row))).blocks.some(({ block }) =>
      ["attention", "ffn", "residual"].some((name) => block.parts[name] === undefined),
    ),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

describe("what cannot be expressed", () => {
  it("is exactly what has no page", () => {
    const unknown = rows.filter(({ hfModelType }) => !modelFamilies.includes(hfModelType ?? ""));
    expect(Object.keys(missingParts).sort()).toEqual(unknown.map(({ id }) => id).sort());
  });

  it("is refused with what is missing", () => {
    const jamba = rows.find(({ id }) => id === "jamba")!;
    expect(() => tinyConfig(jamba)).toThrow(ConfigError);
    expect(() => tinyConfig(jamba)).toThrow(/jamba cannot be built: there is no state space/);
  });
});

/** What the built network says of itself, in the registry's words. */
function choicesOf(row: RegistryRow): object {
  const text = JSON.stringify(inspectModel(new ConfigReader(tinyConfig(row))));
  const has = (name: string): boolean => text.includes(`"name":"${name}`);
  return {
    rope: has("RoPE"),
    interleaved: text.includes('"layout":"interleaved","scaling"'),
    alibi: has("ALiBi"),
    learned: has("learned positions"),
    sinusoidal: has("sinusoidal positions"),
    t5: has("T5 buckets"),
    rmsNorm: has("RMSNorm"),
    gated: has("gated MLP"),
    experts: has("mixture of experts"),
    parallel: has("parallel"),
    post: has("post-norm"),
    sandwich: has("sandwich norm"),
    branch: has("branch norm"),
  };
}

function expectedOf(row: RegistryRow): object {
  const { position, norm, ffn, normPlacement } = row;
  return {
    rope: position.startsWith("rope"),
    interleaved: row.ropeLayout === "interleaved",
    alibi: position === "alibi",
    learned: position === "learned",
    sinusoidal: position === "sinusoidal",
    t5: position === "t5-bias",
    rmsNorm: norm.startsWith("rmsnorm"),
    gated: ffn !== "plain",
    experts: row.moe !== null,
    parallel: row.parallelBlock !== false,
    post: normPlacement === "post",
    sandwich: normPlacement === "sandwich",
    branch: normPlacement === "branch",
  };
}
