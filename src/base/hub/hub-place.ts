/** Names of models on a hub: `hf:org/name`, `hf:org/name@revision`, and files in them. */
import { ConfigError } from "../errors.ts";

/** A repository of a hub, and perhaps a file or folder in it. */
export interface HubPlace {
  /** `org/name`, or `name` alone. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  /** Below the repository; "" is the repository itself. */
  readonly path: string;
}

/** The hub that ids are of where HF_ENDPOINT names no other. */
export const PUBLIC_HUB = "https://huggingface.co";

/** True for `hf:…`. */
export function isHubPlace(place: string | URL): boolean {
  return String(place).startsWith("hf:");
}

/**
 * Takes a name apart. A revision ends at the next slash; write a slash in it as `%2F`.
 * @throws {ConfigError} if it is not of the form `hf:org/name@revision/path`.
 */
export function parseHubPlace(place: string | URL): HubPlace {
  const text = String(place).slice("hf:".length);
  // Without an organization, what looks like a file is one: `hf:gpt2/config.json`.
  const match =
    /^(?<id>[\w.-]+(?=$|@|\/[^/]+\.(?:json|safetensors|txt|model|tiktoken|bpe|bin|jinja)$)|[\w.-]+\/[\w.-]+)(?:@(?<revision>[^/]+))?(?:\/(?<path>.*))?$/.exec(
      text,
    );
  const { id, revision = "main", path = "" } = match?.groups ?? {};
  if (id === undefined || `${id}/${path}`.split("/").some((part) => /^\.\.?$/.test(part))) {
    throw new ConfigError(
      `${String(place)}: expected hf:org/name or hf:org/name@revision, such as hf:openai-community/gpt2`,
    );
  }
  return { id, revision: decodeURIComponent(revision), path: path.replace(/\/+$/, "") };
}

/** The URL of a file. */
export function hubFileUrl(endpoint: string, { id, revision, path }: HubPlace): string {
  const file = path.split("/").map(encodeURIComponent).join("/");
  return `${endpoint}/${id}/resolve/${encodeURIComponent(revision)}/${file}`;
}

/** The URL of what the hub says about a repository. */
export function hubInfoUrl(endpoint: string, { id, revision }: HubPlace): string {
  return `${endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}`;
}

/** The names of the files in a repository, from what the hub says about it. */
export function filesOfInfo(info: unknown): string[] {
  const siblings = (info as { siblings?: { rfilename?: unknown }[] } | null)?.siblings;
  return Array.isArray(siblings) ? siblings.map(({ rfilename }) => String(rfilename)) : [];
}

/** What lies directly in the folder `path`, of all files; sorted. */
export function entriesOfFolder(files: readonly string[], path: string): string[] {
  const prefix = path === "" ? "" : `${path}/`;
  const inside = files.filter((name) => name.startsWith(prefix));
  return [...new Set(inside.map((name) => name.slice(prefix.length).split("/")[0]!))].toSorted();
}
