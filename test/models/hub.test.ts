import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as files from "#files";
import { ConfigError } from "orrery-lm/base";
import { loadModel } from "orrery-lm/models";
import { nativeRuntime } from "orrery-lm/runtime";
import { Tokenizer } from "orrery-lm/tokenizers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { COMMIT, serveHub, type TestHub } from "../base/hub-server.ts";

const golden = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(fileURLToPath(new URL(`../../goldens/models/llama/${name}`, import.meta.url))),
  );
const repository = {
  "config.json": golden("config.json"),
  "model.safetensors": golden("model.safetensors"),
};
const WEIGHTS = repository["model.safetensors"];

let home: string;
let hub: TestHub;
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "orrery-hub-"));
  hub = await serveHub(repository);
  vi.stubEnv("HF_HOME", home);
  vi.stubEnv("HF_ENDPOINT", hub.endpoint);
  vi.stubEnv("HF_TOKEN", "secret");
  for (const name of [
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "HF_HUB_OFFLINE",
    "TRANSFORMERS_OFFLINE",
  ])
    vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  hub.close();
  rmSync(home, { recursive: true });
});

const cache = (...parts: string[]): string => join(home, "hub", "models--org--name", ...parts);
const blobs = (): string[] => readdirSync(cache("blobs"));
const read = (name = "model.safetensors"): Promise<Uint8Array> =>
  files.readFileBytes(`hf:org/name/${name}`);

it("loads a model, into the cache that other programs share, and tells how far it is", async () => {
  const told: [number, number, string | undefined][] = [];
  const runtime = await nativeRuntime({ threads: 1 });
  const onProgress = (...now: [number, number, string?]): void =>
    void told.push([...now, now[2]] as never);
  const model = await loadModel("hf:org/name", { runtime, onProgress });
  expect(model.files()).toEqual(repository);
  expect(told.at(-1)!.slice(0, 2)).toEqual([WEIGHTS.length, WEIGHTS.length]);
  expect(readFileSync(cache("refs", "main"), "utf8")).toBe(COMMIT);
  const link = cache("snapshots", COMMIT, "config.json");
  expect(realpathSync(link).startsWith(realpathSync(cache("blobs")))).toBe(true);
  expect(new Uint8Array(readFileSync(link))).toEqual(repository["config.json"]);
  // The other host must not see the token.
  expect(hub.seen.filter((line) => line.startsWith("storage"))).toEqual([
    "storage GET /model.safetensors all",
  ]);
  expect(
    hub.seen.filter((line) => line.startsWith("hub")).every((line) => line.endsWith(" with token")),
  ).toBe(true);
});

it("asks for the bytes once, follows a moved model, and asks nothing for a commit it has", async () => {
  await read();
  await read();
  expect(hub.seen.filter((line) => line.startsWith("storage")).length).toBe(1);
  const count = hub.seen.length;
  expect(await files.readFileBytes(`hf:org/name@${COMMIT}/model.safetensors`)).toEqual(WEIGHTS);
  expect(hub.seen.length).toBe(count);
  expect(await files.readFileBytes("hf:old/name/config.json")).toEqual(repository["config.json"]);
});

it("goes on where the connection broke, in one call and in the next", async () => {
  hub.breaks.push(1000, 2000);
  expect(await read()).toEqual(WEIGHTS);
  expect(hub.seen.filter((line) => line.startsWith("storage")).at(-1)).toMatch(/ bytes=2000-$/);
  rmSync(cache(), { recursive: true });
  hub.breaks.push(1000, 1500, 2000, 3000);
  await expect(read()).rejects.toThrow(/broke after 3000 of \d+ bytes; try again/);
  expect(blobs()).toEqual([expect.stringMatching(/\.0\.incomplete$/)]);
  expect(await read()).toEqual(WEIGHTS);
  expect(hub.seen.at(-1)).toMatch(/ bytes=3000-$/);
  expect(blobs()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

it("lets several fetch one file at once", async () => {
  const all = await Promise.all([read(), read(), read()]);
  expect(all).toEqual([WEIGHTS, WEIGHTS, WEIGHTS]);
  expect(blobs().length).toBe(1);
});

it("refuses damaged bytes, and keeps none of them", async () => {
  hub.damage = WEIGHTS.map((byte) => byte ^ 1);
  await expect(read()).rejects.toThrow(/expected the digest .* was removed; try again/);
  hub.damage = undefined;
  expect(await read()).toEqual(WEIGHTS);
});

it.each([
  ["hf:org/gated", /is gated \(HTTP 403\): accept its terms at .*\/org\/gated, .* set HF_TOKEN/],
  ["hf:org/none", /no such model, or it is private \(HTTP 401\)/],
  ["hf:org/name@v9", /no such model|no revision v9/],
  ["hf:a/b/../c", /expected hf:org\/name/],
  ["hf:", /expected hf:org\/name/],
])("says what is wrong with %s", async (place, message) => {
  await expect(files.readFileBytes(`${place}/config.json`)).rejects.toThrow(message);
  await expect(files.readFileBytes(`${place}/config.json`)).rejects.toThrow(ConfigError);
  await expect(Tokenizer.load(place)).rejects.toThrow(message);
});

it("names the nearest file where one is missing", async () => {
  await expect(read("pytorch.safetensors")).rejects.toThrow(
    "no such file: hf:org/name/pytorch.safetensors (HTTP 404); it has model.safetensors",
  );
  expect(await files.exists("hf:org/name/config.json")).toBe(true);
  expect(await files.exists("hf:org/name/none.json")).toBe(false);
});

it("serves from the cache without a connection, and says what is not there", async () => {
  await read();
  for (const offline of [true, false]) {
    if (offline) vi.stubEnv("HF_HUB_OFFLINE", "1");
    else {
      vi.stubEnv("HF_HUB_OFFLINE", "");
      vi.stubEnv("HF_ENDPOINT", "http://127.0.0.1:1");
    }
    // oxlint-disable-next-line no-await-in-loop
    expect(await read()).toEqual(WEIGHTS);
    // oxlint-disable-next-line no-await-in-loop
    expect(await files.listFolder("hf:org/name")).toEqual(["model.safetensors"]);
    // oxlint-disable-next-line no-await-in-loop
    await expect(read("config.json")).rejects.toThrow(offline ? /HF_HUB_OFFLINE/ : /no answer/);
  }
});

it("reads the token from its file", async () => {
  vi.stubEnv("HF_TOKEN", "");
  writeFileSync(join(home, "token"), "secret\n");
  await read("config.json");
  expect(hub.seen[0]).toMatch(/ with token$/);
});
