import { bytesSource, toHalves } from "orrery-lm/base";
import { readSafetensors, toFloat32 } from "orrery-lm/formats";
import { describe, expect, it } from "vitest";

/** What 16 bits stand for, by the reader of files. */
async function widened(halves: Uint16Array): Promise<Float32Array> {
  const header = JSON.stringify({
    x: { dtype: "F16", shape: [halves.length], data_offsets: [0, halves.length * 2] },
  });
  const size = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer);
  const numbers = new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength);
  const file = new Uint8Array([...size, ...new TextEncoder().encode(header), ...numbers]);
  return toFloat32((await readSafetensors(bytesSource(file))).tensors.get("x")!);
}

describe("toHalves", () => {
  const all = Uint16Array.from({ length: 2 ** 16 }, (_, i) => i).filter(
    (half) => (half & 0x7c00) !== 0x7c00,
  );

  it("gives back every half", async () => {
    expect(toHalves(await widened(all))).toEqual(all);
  });

  it("rounds to the nearer neighbor, and what is halfway to the even one", async () => {
    const positive = all.filter((half) => half < 0x7bff);
    const low = await widened(positive);
    const high = await widened(positive.map((half) => half + 1));
    const at = (share: number): Float32Array =>
      low.map((value, i) => value + (high[i]! - value) * share);
    expect(toHalves(at(0.49))).toEqual(positive);
    expect(toHalves(at(0.51))).toEqual(positive.map((half) => half + 1));
    expect(toHalves(at(0.5))).toEqual(positive.map((half) => half + (half & 1)));
  });

  it.each([
    [65519, 0x7bff],
    [65520, 0x7c00],
    [-1e30, 0xfc00],
    [Infinity, 0x7c00],
    [NaN, 0x7e00],
    [1e-10, 0],
    [-0, 0x8000],
  ])("writes %d as %d", (value, half) => {
    expect(toHalves(Float32Array.of(value))).toEqual(Uint16Array.of(half));
  });
});
