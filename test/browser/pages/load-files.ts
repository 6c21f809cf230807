import { isExpectedError } from "orrery-lm/base";
import { loadModel, type ModelSource } from "orrery-lm/models";
import { wasmRuntime } from "orrery-lm/runtime";

const IDS = [[3, 4, 5]];

/** Loads a folder by its URL, and once more as files that someone chose, and compares. */
export async function run({ folder, bad }: { folder: string; bad: string[] }): Promise<unknown> {
  const runtime = await wasmRuntime({ threads: 1 });
  const logitsOf = async (source: ModelSource): Promise<Float32Array> => {
    const model = await loadModel(source, { runtime });
    const { logits } = await model.forward({ inputIds: IDS });
    await model.release();
    return logits!.data;
  };
  /** The message of an error that is the user's to fix; the whole of any other. */
  const refusal = (source: ModelSource): Promise<string> =>
    logitsOf(source).then(
      () => "loaded",
      (error: unknown) => (isExpectedError(error) ? error.message : `UNEXPECTED ${String(error)}`),
    );
  const [config, weights] = (await Promise.all(
    ["config.json", "model.safetensors"].map((name) => fetchFile(folder, name)),
  )) as [File, File];
  const fromUrl = await logitsOf(folder);
  const fromFiles = await logitsOf({ "config.json": config, "model.safetensors": weights });
  const refusals: Record<string, string> = {
    "files without weights": await refusal({ "config.json": config }),
    "a File cut short": await refusal({
      "config.json": config,
      "model.safetensors": new File([weights.slice(0, weights.size - 9)], "model.safetensors"),
    }),
    "an empty File": await refusal({ "config.json": config, "model.safetensors": new Blob([]) }),
    "files in each other's place": await refusal({
      "config.json": weights,
      "model.safetensors": config,
    }),
  };
  // oxlint-disable-next-line no-await-in-loop
  for (const url of bad) refusals[new URL(url).pathname] = await refusal(url);
  return { isEqual: fromUrl.every((value, i) => value === fromFiles[i]), refusals };
}

async function fetchFile(folder: string, name: string): Promise<File> {
  return new File([await (await fetch(`${folder}/${name}`)).blob()], name);
}
