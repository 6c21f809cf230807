import { add, compile, cos, exp, input, sin } from "orrery-lm/tensor";
import { expect, it } from "vitest";

const x = input("x", ["rows", 2]);

it("names sine and cosine, which GPUs compute only roughly, as the file does", () => {
  const { roughNodes, bytes } = compile({ y: add(sin(x), cos(x)), z: exp(x) });
  expect(roughNodes.map((name) => name.split(":")[0])).toEqual(["Sin", "Cos"]);
  const file = new TextDecoder("latin1").decode(bytes);
  for (const name of roughNodes) expect(file).toContain(name);
});

it("names nothing where there is none", () => {
  expect(compile({ z: exp(x) }).roughNodes).toEqual([]);
});
