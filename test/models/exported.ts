/** A model that was exported, run as a program that knows nothing of ours would run it. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Ids } from "./reference.ts";

/** What a session reads or gives. */
type Tensors = Record<string, Tensor>;

/** Opens a file of onnxruntime's. */
export function openBare(bytes: Uint8Array): Promise<InferenceSession> {
  return InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
}

/** Whole numbers as Python's programs have them. */
export function wide({ data, shape }: Ids): Tensor {
  return new Tensor("int64", BigInt64Array.from(data, BigInt), shape);
}

/** Runs a session with those of the tensors that it reads. */
export async function runBare(session: InferenceSession, tensors: Tensors): Promise<Tensors> {
  const read = Object.entries(tensors).filter(([name]) => session.inputNames.includes(name));
  return (await session.run(Object.fromEntries(read))) as Tensors;
}

/** Nothing is kept yet: zero tokens in each tensor of the past. */
export function emptyPast(session: InferenceSession, batch: number): Tensors {
  const past = session.inputMetadata.filter(({ name }) => name.startsWith("past_key_values."));
  return Object.fromEntries(
    past.map((input) => {
      if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
      const sizes = input.shape.map((size) => (size === "batch_size" ? batch : size));
      const dims = sizes.map((size) => (typeof size === "number" ? size : 0));
      return [input.name, new Tensor("float32", new Float32Array(), dims)];
    }),
  );
}

/** What a run gave, as what the next one reads. */
export function keptOf(results: Tensors): Tensors {
  const present = Object.entries(results).filter(([name]) => name.startsWith("present."));
  return Object.fromEntries(
    present.map(([name, value]) => [name.replace("present", "past_key_values"), value]),
  );
}

/** Columns [start, end) of rows. */
export function columns({ data, shape }: Ids, start: number, end: number): Ids {
  const width = shape[1]!;
  const kept = data.filter((_, i) => i % width >= start && i % width < end);
  return { data: kept, shape: [shape[0]!, end - start] };
}

/**
 * The logits of a text read in pieces, with what is kept handed on from piece to piece.
 *
 * @param ends where the pieces end
 * @param feed what is read beside ids and past
 * @returns [rows, tokens, V] as rows by piece
 */
export async function readInPieces(
  session: InferenceSession,
  ids: Ids,
  ends: readonly number[],
  feed: (start: number, end: number) => Tensors,
): Promise<Float32Array> {
  const [rows, tokens] = ids.shape as [number, number];
  let past = emptyPast(session, rows);
  let start = 0;
  let logits: Float32Array | undefined;
  for (const end of ends) {
    const piece = { input_ids: wide(columns(ids, start, end)), ...feed(start, end), ...past };
    // Each piece reads what those before it left.
    // oxlint-disable-next-line no-await-in-loop
    const results = await runBare(session, piece);
    past = keptOf(results);
    const given = results["logits"]!;
    const width = given.dims[2]!;
    logits ??= new Float32Array(rows * tokens * width);
    const length = (end - start) * width;
    for (let row = 0; row < rows; row++) {
      const from = (given.data as Float32Array).subarray(row * length, (row + 1) * length);
      logits.set(from, (row * tokens + start) * width);
    }
    start = end;
  }
  return logits!;
}
