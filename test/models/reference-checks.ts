/** What every checkpoint with a reference must meet, whoever runs it. */

import { readFileSync } from "node:fs";
import { loadModel, type Model } from "orrery-lm/models";
import type { Runtime } from "orrery-lm/runtime";
import { expect, it } from "vitest";
import { wrongGradients } from "./reference-gradients.ts";
import {
  differenceOfReal,
  errorOfLogits,
  evaluateWith,
  nextIds,
  type Reference,
} from "./reference.ts";

/** At the end of each row of `greedy`. */
const CONTINUED_TOKENS = 12;

/** Declares the checks of one checkpoint in one runtime: each for which the reference has numbers. */
export function checkAgainstReference(
  { folder, expected }: { folder: string; expected: Reference },
  runtime: () => Runtime,
): void {
  const load = (): Promise<Model> => loadModel(folder, { runtime: runtime() });

  it("gives the reference's logits", async () => {
    expect(await errorOfLogits(await load(), expected)).toBeLessThan(expected.bound);
  });

  it.runIf(expected.has("loss"))("gives the reference's loss", async () => {
    const model = await load();
    const inputs = await expected.inputs();
    const ids = inputs.decoderInputIds ?? inputs.inputIds;
    const isShifted = model.architecture.network.kind === "decoder"; // by forward itself
    const labels = isShifted ? ids : nextIds(ids);
    const { loss } = await model.forward({ ...inputs, labels, logits: "none" });
    expect(loss).toBeCloseTo((await expected.floats("loss"))[0]!, 5);
  });

  it.runIf(expected.has("padded.logits"))(
    "gives the reference's logits for the real tokens of a row padded on the left",
    async () => {
      const mask = await expected.ids("padded.attention_mask");
      const inputs = { inputIds: await expected.ids("padded.input_ids"), attentionMask: mask };
      const logits = await expected.floats("padded.logits");
      expect(await differenceOfReal(await load(), inputs, { logits, mask })).toBeLessThan(
        expected.bound,
      );
    },
  );

  it.runIf(expected.has("greedy") && !expected.has("decoder_input_ids"))(
    "continues a prompt greedily as the reference does",
    async () => {
      const model = await load();
      const { data, shape } = await expected.ids("greedy");
      const given = shape[1]! - CONTINUED_TOKENS;
      for (const row of [data.slice(0, shape[1]), data.slice(shape[1])]) {
        const ids: number[] = [];
        const prompt = row.slice(0, given);
        const options = { maxNewTokens: CONTINUED_TOKENS, temperature: 0 };
        // oxlint-disable-next-line no-await-in-loop
        for await (const { id } of model.generate(prompt, options)) ids.push(id);
        expect(ids).toEqual(Array.from(row.slice(given)));
      }
    },
  );

  it.runIf(expected.has("greedy") && expected.has("decoder_input_ids"))(
    "answers a text greedily as the reference does",
    async () => {
      const model = await load();
      const { inputIds, attentionMask } = await expected.inputs();
      const answers = await expected.ids("greedy");
      const [tokens, length] = [inputIds.shape[1]!, answers.shape[1]!];
      for (let row = 0; row < inputIds.shape[0]!; row++) {
        const isReal = (_: number, i: number): boolean =>
          attentionMask!.data[row * tokens + i] === 1;
        const text = inputIds.data.slice(row * tokens, (row + 1) * tokens).filter(isReal);
        const ids: number[] = [];
        const options = { maxNewTokens: length - 1, temperature: 0 };
        // oxlint-disable-next-line no-await-in-loop
        for await (const { id } of model.generate(text, options)) ids.push(id);
        const want = answers.data.slice(row * length + 1, (row + 1) * length); // behind the start
        expect(ids).toEqual(Array.from(want));
      }
    },
  );

  it.runIf(expected.hasGradients)("gives the reference's gradient of every parameter", async () => {
    const rows = await wrongGradients(await load(), expected, evaluateWith(runtime()));
    expect(rows).toEqual([]);
  });

  it("saves what it loaded, byte for byte", async () => {
    const model = await load();
    for (const [name, bytes] of Object.entries(model.files())) {
      expect(Buffer.compare(bytes, readFileSync(`${folder}/${name}`)), name).toBe(0);
    }
  });
}
