/** The part of config.json that describes rotary position encodings, old or new. */

import { ConfigError } from "orrery-lm/base";
import type { ConfigReader } from "orrery-lm/formats";

/**
 * Numbers of RoPE by key. A value may stand in `rope_parameters` (new files), there by layer type,
 * in `rope_scaling` (old files), or beside it in config.json; in two places it must be the same.
 */
export class RopeSection {
  /** The name of the scaling. */
  readonly type: string;
  readonly #config: ConfigReader;
  readonly #name: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #read = new Set(["rope_type", "type"]);

  /**
   * @param layerType whose parameters are wanted, for files that have several
   * @throws {ConfigError} if there are parameters by layer type and none for this one, or two
   *   places contradict each other.
   */
  constructor(config: ConfigReader, layerType?: string) {
    this.#config = config;
    const [now, old] = [config.section("rope_parameters"), config.section("rope_scaling")];
    if (now && old && JSON.stringify(now) !== JSON.stringify(old)) {
      throw new ConfigError(
        "config.json: rope_parameters and rope_scaling differ; remove the one that is stale",
      );
    }
    const name = now || !old ? "rope_parameters" : "rope_scaling";
    const values = now ?? old ?? {};
    const isNested = Object.values(values).some((value) => isObject(value));
    const own = isNested ? values[layerType ?? "full_attention"] : values;
    if (!isObject(own)) {
      throw new ConfigError(
        `config.json: ${name}: expected parameters of ${layerType ?? "full_attention"}, got those of ${Object.keys(values).join(", ")}`,
      );
    }
    this.#name = isNested ? `${name}.${layerType ?? "full_attention"}` : name;
    this.#values = own;
    const types = [own["rope_type"], own["type"]].flatMap((type) => type ?? []);
    if (new Set(types).size > 1) {
      throw new ConfigError(
        `config.json: ${this.#name}: rope_type ${JSON.stringify(types[0])} and type ${JSON.stringify(types[1])} contradict each other`,
      );
    }
    const [type = "default"] = types;
    if (typeof type !== "string") throw wrong(`${this.#name}.rope_type`, "a name", type);
    this.type = type;
  }

  /** Whether one of the keys is in the section and not null. */
  has(...keys: readonly string[]): boolean {
    return keys.some((key) => this.#own(key) !== undefined);
  }

  /** A positive number that must be in the section. */
  number(key: string): number {
    const value = this.optional(key);
    if (value === undefined)
      throw new ConfigError(`config.json: ${this.#name}.${key} is missing for "${this.type}"`);
    return value;
  }

  /** A positive number under one of several names, in the section or beside it in config.json. */
  optional(key: string, ...outer: readonly string[]): number | undefined {
    const places: [string, unknown][] = [[`${this.#name}.${key}`, this.#own(key)]];
    for (const name of outer) {
      if (this.#config.has(name)) places.push([name, this.#config.values[name]]);
    }
    const found = places.filter(([, value]) => value !== undefined);
    for (const [place, value] of found) {
      if (typeof value !== "number" || !(value > 0 && value < Infinity))
        throw wrong(place, "a positive number", value);
    }
    const [first, ...others] = found;
    const other = others.find(([, value]) => value !== first![1]);
    if (other) {
      throw new ConfigError(
        `config.json: ${first![0]} ${String(first![1])} and ${other[0]} ${String(other[1])} contradict each other`,
      );
    }
    return first?.[1] as number | undefined;
  }

  /** True or false, if it is in the section. */
  boolean(key: string): boolean | undefined {
    const value = this.#own(key);
    if (value !== undefined && typeof value !== "boolean")
      throw wrong(`${this.#name}.${key}`, "true or false", value);
    return value;
  }

  /** As many positive numbers as there are pairs of channels. */
  list(key: string, count: number): readonly number[] {
    const value = this.#own(key);
    const isGood =
      Array.isArray(value) &&
      value.length === count &&
      value.every((item) => typeof item === "number" && item > 0 && item < Infinity);
    if (!isGood) {
      throw wrong(`${this.#name}.${key}`, `${count} positive numbers, one for each pair`, value);
    }
    return value as number[];
  }

  /** @throws {ConfigError} if there are keys that nobody asked for. */
  refuseUnknown(): void {
    const unknown = Object.keys(this.#values).filter((key) => !this.#read.has(key));
    if (unknown.length > 0) {
      throw new ConfigError(
        `config.json: ${this.#name}: the rope_type "${this.type}" does not know ${unknown.join(", ")}`,
      );
    }
  }

  #own(key: string): unknown {
    this.#read.add(key);
    return this.#values[key] ?? undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(place: string, expected: string, value: unknown): ConfigError {
  const got = typeof value === "number" ? String(value) : JSON.stringify(value);
  return new ConfigError(`config.json: ${place}: expected ${expected}, got ${got}`);
}
