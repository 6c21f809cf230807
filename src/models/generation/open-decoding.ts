import { ConfigError } from "orrery-lm/base";
import type { Network } from "orrery-lm/nn";
import type { Runtime } from "orrery-lm/runtime";
import { compile } from "orrery-lm/tensor";
import { decodingProgram } from "./decoding-program.ts";
import type { DecodingSessions } from "./text-reader.ts";

/**
 * Opens the sessions of a network that writes.
 *
 * @throws {ConfigError} if it is an encoder.
 */
export async function openDecoding(
  network: Network,
  data: ReadonlyMap<string, Float32Array>,
  runtime: Runtime,
): Promise<DecodingSessions> {
  if (network.kind === "encoder") {
    throw new ConfigError(
      "generate: an encoder fills in hidden tokens and continues no text; ask forward for its logits, or load a decoder",
    );
  }
  const { decode, encode, layers, rotations } = decodingProgram(network);
  const open = (outputs: typeof decode) =>
    runtime.open(compile(outputs, { parameters: "initializers", data }));
  return {
    decode: await open(decode),
    encode: Object.keys(encode).length > 0 ? await open(encode) : undefined,
    layers,
    rotations,
  };
}
