import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel } from "orrery-lm/models";
import { Tokenizer } from "orrery-lm/tokenizers";
import { evaluate } from "orrery-lm/training";
import { beforeAll, expect, it } from "vitest";
import { orrery, scratchFolder, smallText } from "./orrery.ts";

const cwd = scratchFolder();
const tiny =
  "--layers 1 --hidden-size 16 --heads 2 --intermediate-size 32 --vocab-size 300 --sequence-length 16 --batch-size 2 --steps 4".split(
    " ",
  );

beforeAll(async () => {
  writeFileSync(join(cwd, "text.txt"), smallText);
  await orrery(["train", "text.txt", "--out", "run", ...tiny], { cwd });
});

it("hands every option of training on", async () => {
  const training =
    "--steps 2 --batch-size 3 --sequence-length 8 --accumulate 2 --learning-rate 0.01 --warmup 1 --weight-decay 0.2 --clip 0.5 --seed 9";
  const model = "--layers 2 --hidden-size 8 --heads 1 --position learned --max-positions 32";
  const given = `${training} ${model} --tokenizer run --out all`.split(" ");
  expect((await orrery(["train", "text.txt", ...given], { cwd })).code).toBe(0);
  const settings = readFileSync(join(cwd, "all/state/settings.json"), "utf8");
  expect(JSON.parse(settings)).toMatchObject({
    training: {
      steps: 2,
      batchSize: 3,
      sequenceLength: 8,
      accumulationSteps: 2,
      learningRate: 0.01,
      warmupSteps: 1,
      weightDecay: 0.2,
      clipNorm: 0.5,
      seed: 9,
    },
    config: {
      position_encoding: "learned",
      max_position_embeddings: 32,
      num_hidden_layers: 2,
      hidden_size: 8,
      intermediate_size: 24,
      num_attention_heads: 1,
      vocab_size: 300,
    },
  });
});

it("refuses sequences past a learned table", async () => {
  const past = ["--position", "learned", "--max-positions", "8", "--out", "past"];
  const { code, stderr } = await orrery(["train", "text.txt", ...tiny, ...past], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain("a sequence of 16 tokens is longer than the table");
});

it("remembers where the text lies, seen from any folder", async () => {
  const here = await orrery(["train", "--resume", "--out", "run"], { cwd });
  expect(here.stdout).toMatch(/^run: 4 steps, loss \d\.\d{4} nats per token\n/);
  const elsewhere = await orrery(["train", "--resume", "--out", join(cwd, "run")]);
  expect({ code: elsewhere.code, stderr: elsewhere.stderr }).toEqual({ code: 0, stderr: "" });
});

it("remembers how many characters of stories", async () => {
  const args = ["train", "--stories", "5000", "--out", "stories", ...tiny];
  expect((await orrery(args, { cwd })).code).toBe(0);
  expect((await orrery(["train", "--resume", "--out", "stories"], { cwd })).code).toBe(0);
});

it("draws the loss and the speed on a terminal", async () => {
  const args = ["train", "text.txt", "--out", "drawn", ...tiny];
  const { stderr } = await orrery(args, { cwd, isTTY: true });
  expect(stderr).toMatch(/step 4\/4 {2}loss \d\.\d{3} {2}\d+ tokens\/s/);
});

it("evaluates as the library does, and gives bits per byte", async () => {
  const text = smallText.slice(0, 2000);
  const args = ["eval", "run", "--length", "16,32", "--stride", "8", "--tokens", "500", "--json"];
  const { code, stdout } = await orrery(args, { cwd, input: text });
  expect(code).toBe(0);
  const { readings } = JSON.parse(stdout) as { readings: Record<string, number | string>[] };
  const model = await loadModel(join(cwd, "run"));
  const tokenizer = await Tokenizer.load(join(cwd, "run"));
  const tokens = tokenizer.encode(text).subarray(0, 501);
  const bytes = Buffer.byteLength(tokenizer.decode(tokens));
  const cuts: [length: number, stride: number][] = [
    [16, 16],
    [16, 8],
    [32, 32],
    [32, 8],
  ];
  for (const [i, [length, stride]] of cuts.entries()) {
    // oxlint-disable-next-line no-await-in-loop
    const result = await evaluate(model, tokens, { length, stride, maxTokens: 500 });
    expect(readings[i]).toMatchObject({ length, stride, loss: result.loss, tokens: result.tokens });
    const bits = (result.loss / Math.LN2) * (tokens.length / bytes);
    expect(readings[i]!["bitsPerByte"]).toBeCloseTo(bits, 12);
  }
  await model.release();
});
