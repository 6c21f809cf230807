import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cutShort, putNumber, removeTensor, reverseShape, tensorNames } from "./damage.ts";
import { orrery, scratchFolder, trainSmall } from "./orrery.ts";

const folder = scratchFolder();
let sound: string;
beforeAll(async () => {
  sound = await trainSmall(folder, "sound", ["--steps", "2"]);
});

const weights = (run: string): string => join(run, "model.safetensors");
const embedding = (run: string): string =>
  tensorNames(weights(run)).find((name) => name.includes("embed"))!;

/** A copy of the sound run with something done to it. */
function damaged(name: string, damage: (run: string) => void): string {
  const run = join(folder, name.replaceAll(/\W/g, "-"));
  cpSync(sound, run, { recursive: true });
  damage(run);
  return run;
}

const uses: readonly (readonly [string, (run: string) => readonly string[]])[] = [
  ["eval", (run) => ["eval", run, join(folder, "text.txt")]],
  ["generate", (run) => ["generate", run, "--prompt", "The cat"]],
];

describe.each(uses)("orrery %s", (_, args) => {
  it("works on the sound model", async () => {
    const { code, stderr } = await orrery(args(sound));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it.each<[string, (run: string) => void, RegExp]>([
    ["a checkpoint that lacks its last bytes", (run) => cutShort(weights(run), 10), /cut short/],
    [
      "a checkpoint of seven bytes",
      (run) => writeFileSync(weights(run), "1234567"),
      /safetensors: .*(cut short|too short|8 bytes)/,
    ],
    [
      "a checkpoint that is something else",
      (run) => writeFileSync(weights(run), "<!doctype html><title>404</title>".repeat(9)),
      /safetensors: /,
    ],
    [
      "a missing tensor",
      (run) => removeTensor(weights(run), embedding(run)),
      /checkpoint: expected .*embed.*, which the file does not have/,
    ],
    [
      "a tensor of another shape",
      (run) => reverseShape(weights(run), embedding(run)),
      /embed.*expected shape \[270, 16\], got \[16, 270\]/,
    ],
    [
      "NaN",
      (run) => putNumber(weights(run), { tensor: embedding(run), index: 7, value: NaN }),
      /embed.*element 7 is NaN/,
    ],
    [
      "infinity",
      (run) => putNumber(weights(run), { tensor: embedding(run), index: 0, value: -Infinity }),
      /embed.*element 0 is -Infinity/,
    ],
    ["no config.json", (run) => rmSync(join(run, "config.json")), /has no config\.json/],
    ["no weights", (run) => rmSync(weights(run)), /no such file: .*model\.safetensors/],
    ["no tokenizer.json", (run) => rmSync(join(run, "tokenizer.json")), /has no tokenizer\.json/],
    [
      "a config.json that is no JSON",
      (run) => writeFileSync(join(run, "config.json"), "{"),
      /config\.json: /,
    ],
    [
      "a config.json of a model that is unknown",
      (run) => writeFileSync(join(run, "config.json"), '{"model_type":"perceptron"}'),
      /model_type.*perceptron/,
    ],
    ["no folder", (run) => rmSync(run, { recursive: true }), /no such folder/],
  ])("says what is wrong with %s", async (name, damage, message) => {
    const run = damaged(`${name}-${args("")[0]}`, damage);
    const { code, stdout, stderr } = await orrery(args(run));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at |should not happen/m);
  });
});
