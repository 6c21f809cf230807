/** Questions to a hub, and what its refusals mean. */
import { ConfigError } from "../errors.ts";
import { hubToken } from "./hub-cache.node.ts";
import { type HubPlace, filesOfInfo, hubInfoUrl } from "./hub-place.ts";

/** The hub could not be reached, as against: it refused. */
export class NoAnswerError extends ConfigError {}

/**
 * Sends a request, with the token to the hub itself and to no other host.
 * @param isFollowed which redirects to follow
 * @throws {NoAnswerError} if nothing answers.
 */
export async function askHub(
  url: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> },
  isFollowed: (from: URL, to: URL) => boolean = () => true,
): Promise<Response> {
  const token = await hubToken();
  const hub = new URL(url).host;
  let address = new URL(url);
  for (let redirects = 0; redirects < 10; redirects++) {
    const headers = {
      "accept-encoding": "identity",
      ...init.headers,
      ...(token !== undefined && address.host === hub && { authorization: `Bearer ${token}` }),
    };
    let response: Response;
    try {
      // Each answer says where to ask next.
      // oxlint-disable-next-line no-await-in-loop
      response = await fetch(address, { ...init, headers, redirect: "manual" });
    } catch (cause) {
      throw new NoAnswerError(
        `${address.origin}: no answer; is there a connection? HF_ENDPOINT names another hub, HF_HUB_OFFLINE=1 uses only what was downloaded`,
        { cause },
      );
    }
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    const next = new URL(location, address);
    if (!isFollowed(address, next)) return response;
    // oxlint-disable-next-line no-await-in-loop
    await response.body?.cancel();
    address = next;
  }
  throw new ConfigError(`${url}: redirected too often`);
}

/** What a refusal of the hub means, and what to do. */
export async function refusal(
  response: Response,
  place: HubPlace,
  endpoint: string,
): Promise<ConfigError> {
  const { id, revision, path } = place;
  const name = `hf:${id}${revision === "main" ? "" : `@${revision}`}`;
  const code = response.headers.get("x-error-code") ?? "";
  const { status } = response;
  if (code === "GatedRepo" || status === 403)
    return new ConfigError(
      `${name} is gated (HTTP ${status}): accept its terms at ${endpoint}/${id}, make a token at ${endpoint}/settings/tokens, and set HF_TOKEN to it`,
    );
  if (code === "RepoNotFound" || status === 401)
    return new ConfigError(
      `${name}: the hub has no such model, or it is private (HTTP ${status}); check the name, or set HF_TOKEN to a token that may read it`,
    );
  if (code === "RevisionNotFound")
    return new ConfigError(`${name}: the model has no revision ${revision}; leave it out for main`);
  if (status !== 404)
    return new ConfigError(`${name}: the hub answered HTTP ${status} for ${path || "the model"}`);
  const files = path === "" ? [] : await listRepository(place, endpoint).catch(() => []);
  const near = nearest(path, files);
  const hint = near === undefined ? "" : `; it has ${near}`;
  return new ConfigError(`no such file: ${name}/${path} (HTTP 404)${hint}`);
}

/** Names all files of a repository. @throws {ConfigError} if the hub refuses. */
export async function listRepository(place: HubPlace, endpoint: string): Promise<string[]> {
  const response = await askHub(hubInfoUrl(endpoint, place), {});
  if (!response.ok) throw await refusal(response, { ...place, path: "" }, endpoint);
  return filesOfInfo(await response.json());
}

/** The file whose name shares most with one that is not there: first its ending, then its beginning. */
function nearest(path: string, files: readonly string[]): string | undefined {
  const ending = path.slice(path.lastIndexOf("."));
  const shared = (name: string): number => {
    let count = 0;
    while (count < name.length && name[count] === path[count]) count++;
    return count + (name.endsWith(ending) ? 100 : 0);
  };
  return files.toSorted((a, b) => shared(b) - shared(a)).find((name) => shared(name) > 0);
}
