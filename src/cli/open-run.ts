import { ConfigError } from "orrery-lm/base";
import { loadModel, type Model } from "orrery-lm/models";
import { Tokenizer } from "orrery-lm/tokenizers";
import { exists } from "#files";
import type { OptionValues } from "./command.ts";
import { openChosenRuntime } from "./open-runtime.ts";
import { progressBar } from "./progress-bar.ts";
import type { runtimeOptions } from "./shared-options.ts";
import type { Terminal } from "./terminal.ts";

/** A model and the tokenizer that goes with it. */
export interface OpenRun {
  readonly model: Model;
  readonly tokenizer: Tokenizer;
}

/**
 * Opens what `orrery train` wrote, or another folder with a model and its tokenizer.
 *
 * @throws {ConfigError} if a file is missing, or the model is not one that is known.
 * @throws {FormatError} if a file is damaged.
 */
export async function openRun(
  folder: string,
  values: OptionValues<typeof runtimeOptions> & { readonly tokenizer: string | undefined },
  terminal: Terminal,
): Promise<OpenRun> {
  if (!(await exists(folder))) throw new ConfigError(`no such folder: ${folder}`);
  if (!(await exists(`${folder}/config.json`))) {
    throw new ConfigError(
      (await isUnsaved(folder))
        ? `${folder} is a run that was never saved; go on with it: orrery train --resume --out ${folder}`
        : `${folder} is not a run: it has no config.json; \`orrery train --out DIR\` makes one`,
    );
  }
  const own = `${folder}/tokenizer.json`;
  if (values.tokenizer === undefined && !(await exists(own))) {
    throw new ConfigError(`${folder} has no tokenizer.json; name one with --tokenizer PATH`);
  }
  const tokenizer = await Tokenizer.load(values.tokenizer ?? own);
  const bar = progressBar(terminal);
  const model = await loadModel(folder, {
    runtime: await openChosenRuntime(values, terminal),
    onProgress: (done, total, note = "") => bar.update(done / total, note),
  }).finally(bar.clear);
  return { model, tokenizer };
}

/** A run that was begun, and ended before its first save. */
async function isUnsaved(folder: string): Promise<boolean> {
  return (
    (await exists(`${folder}/state/settings.json`)) &&
    !(await exists(`${folder}/state/state.safetensors`))
  );
}
