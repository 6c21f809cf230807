/** `--runtime` and `--threads`, which several commands take. */

import { nativeRuntime, openRuntime, wasmRuntime, type Runtime } from "orrery-lm/runtime";
import { UsageError, wholeNumber } from "./command.ts";

/** The options' descriptions. */
export const runtimeOptions = {
  runtime: { type: "string", value: "NAME", help: "native or wasm; the best there is by default" },
  threads: {
    type: "string",
    value: "N",
    help: "threads per operation; onnxruntime decides by default",
  },
} as const;

/**
 * The runtime that was asked for.
 *
 * @throws {UsageError} if its name is unknown.
 * @throws {ConfigError} if it is not installed, with the command that installs it.
 */
export async function runtimeOf(values: {
  runtime?: string | undefined;
  threads?: string | undefined;
}): Promise<Runtime> {
  const threads = values.threads === undefined ? 0 : wholeNumber("threads", values.threads, 1);
  switch (values.runtime) {
    case undefined:
      return openRuntime({ threads });
    case "native":
      return nativeRuntime({ threads });
    case "wasm":
      return wasmRuntime({ threads });
    default:
      throw new UsageError(
        `--runtime: expected native or wasm, got ${JSON.stringify(values.runtime)}`,
      );
  }
}
