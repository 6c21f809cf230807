import { expect, it } from "vitest";
import { describeInChromium } from "./chromium.ts";

describeInChromium("in Chromium", (browser) => {
  it("runs the source and takes the browser's twin of #files", async () => {
    expect(await browser().run("test/browser/pages/base.ts", [2, 3])).toEqual({
      shape: "page: expected shape [2, 3], got []",
      refusal: expect.stringContaining("a browser cannot list a folder"),
    });
  });

  it.each([
    ["promise", "lost in a promise"],
    ["timer", "lost in a timer"],
    ["console", "lost in the console"],
  ])("reports an error that the page left in a %s", async (place, message) => {
    await expect(browser().run("test/browser/pages/broken.ts", place)).rejects.toThrow(message);
  });

  it.each([1, 2])("runs an ONNX model in WASM, threads: %i", async (threads) => {
    const result = await browser().run("test/browser/pages/onnxruntime-web.ts", {
      model: doublingModel,
      x: [1, 2, 3],
      threads,
    });
    expect(result).toEqual({ y: [2, 4, 6], isIsolated: true });
  });
});

// y = x + x over float32 [3]: ONNX written by hand, so that this test needs nothing of ours.
const text = (s: string): number[] => Array.from(s, (letter) => letter.charCodeAt(0));
const field = (number: number, bytes: number[]): number[] => [
  (number << 3) | 2, // A length-delimited protobuf field; every length here is below 128.
  bytes.length,
  ...bytes,
];
const value = (name: string): number[] => [
  ...field(1, text(name)),
  ...field(2, field(1, [8, 1, ...field(2, field(1, [8, 3]))])), // Float32, one dimension of 3.
];
const add = [...field(1, text("x")), ...field(1, text("x")), ...field(2, text("y"))];
const graph = [
  ...field(1, [...add, ...field(4, text("Add"))]),
  ...field(2, text("double")),
  ...field(11, value("x")),
  ...field(12, value("y")),
];
const doublingModel = [8, 8, ...field(7, graph), ...field(8, [16, 17])]; // IR 8, opset 17.
