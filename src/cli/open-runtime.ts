import { nativeRuntime, openRuntime, type Runtime, wasmRuntime } from "orrery-lm/runtime";
import type { OptionValues } from "./command.ts";
import type { runtimeOptions } from "./shared-options.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Opens the runtime that `--runtime` and `--threads` ask for.
 *
 * @throws {ConfigError} if it is not installed.
 */
export async function openChosenRuntime(
  { runtime, threads }: OptionValues<typeof runtimeOptions>,
  { stderr }: Terminal,
): Promise<Runtime> {
  const options = threads === undefined ? {} : { threads };
  if (runtime === "native") return nativeRuntime(options);
  if (runtime === "wasm") return wasmRuntime(options);
  return openRuntime({ ...options, onNotice: (line) => stderr.write(`${line}\n`) });
}
