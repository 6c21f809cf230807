import { listFolder, readFileBytes } from "#files";
import {
  TOKENIZER_CONFIG_FILES,
  type TokenizerConfigJson,
  readTokenizerConfig,
} from "orrery-lm/formats";
import { type TokenizerSource, inFolder, isNameOfFile } from "./load.ts";

const TEMPLATES = "additional_chat_templates";

/**
 * Reads what lies beside a tokenizer in its folder: chat templates, and which token has which role.
 * A tokenizer that is one file has nothing beside it.
 * @throws {FormatError} if one of these files is broken.
 */
export async function loadConfig(source: TokenizerSource): Promise<TokenizerConfigJson> {
  if (source instanceof Uint8Array) return readTokenizerConfig({});
  if (typeof source !== "string" && !(source instanceof URL)) return readTokenizerConfig(source);
  const names = await configNames(source);
  const files: Record<string, Uint8Array> = {};
  await Promise.all(
    names.map(async (name) => {
      const bytes = await readFileBytes(inFolder(source, name)).catch(() => undefined);
      if (bytes !== undefined) files[name] = bytes;
    }),
  );
  return readTokenizerConfig(files);
}

/** The files to look for: those of a folder, or, where folders cannot be listed, the usual ones. */
async function configNames(place: string | URL): Promise<readonly string[]> {
  const found = await listFolder(place).catch(() => undefined);
  if (found === undefined) return isNameOfFile(place) ? [] : TOKENIZER_CONFIG_FILES;
  const templates = found.includes(TEMPLATES)
    ? await listFolder(inFolder(place, TEMPLATES)).catch(() => [])
    : [];
  return [
    ...found.filter((name) => TOKENIZER_CONFIG_FILES.includes(name)),
    ...templates.map((name) => `${TEMPLATES}/${name}`),
  ];
}
