/** Reading config.json: typed, with every assumed value and every unread key on record. */

import { ConfigError } from "orrery-lm/base";
import { readConfigJson } from "./config-json.ts";

/**
 * Asks a config.json for values under its own keys. A key that is there with another type is an
 * error; a value that is taken from a default is listed in `assumptions`.
 */
export class ConfigReader {
  /** The object as it was given. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Paths of whole numbers that the file writes with a point. */
  readonly floats: readonly string[];
  readonly #read = new Set<string>();
  readonly #assumptions: string[] = [];
  readonly #notes: string[] = [];
  readonly #nested = new Map<string, ConfigReader>();

  /** @param floats see {@link readConfigJson}; only for writing the file again */
  constructor(values: Readonly<Record<string, unknown>>, floats: readonly string[] = []) {
    this.values = values;
    this.floats = floats;
  }

  /**
   * @param bytes UTF-8 JSON
   * @throws {FormatError} if they are not a JSON object, or it has a key twice.
   */
  static parse(bytes: Uint8Array): ConfigReader {
    const { values, floats } = readConfigJson(bytes);
    return new ConfigReader(values, floats);
  }

  /** Values that were taken from defaults, as `key = value`. */
  get assumptions(): readonly string[] {
    const nested = [...this.#nested].flatMap(([key, reader]) =>
      reader.assumptions.map((note) => `${key}.${note}`),
    );
    return [...this.#assumptions, ...nested];
  }

  /** What the file says without effect, as `key = value: reason`. */
  get notes(): readonly string[] {
    const nested = [...this.#nested].flatMap(([key, reader]) =>
      reader.notes.map((note) => `${key}.${note}`),
    );
    return [...this.#notes, ...nested];
  }

  /** Whether the key is there and not null. */
  has(key: string): boolean {
    this.#read.add(key);
    return Object.hasOwn(this.values, key) && this.values[key] !== null;
  }

  /** A positive whole number that must be there. */
  number(key: string): number {
    const value = this.#required(key);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) {
      throw this.#wrong(key, "a positive whole number", value);
    }
    return value;
  }

  /** A positive whole number, or the default. */
  optionalNumber(key: string, byDefault: number): number {
    return this.has(key) ? this.number(key) : this.#assume(key, byDefault);
  }

  /** A whole number, 0 or more, or the default. */
  count(key: string, byDefault: number): number {
    if (!this.has(key)) return this.#assume(key, byDefault);
    return this.values[key] === 0 ? 0 : this.number(key);
  }

  /** A list of whole numbers, 0 or more; empty if it is not there. */
  counts(key: string): readonly number[] {
    const value = this.has(key) ? this.values[key] : [];
    const isCount = (item: unknown): boolean => Number.isSafeInteger(item) && Number(item) >= 0;
    if (!Array.isArray(value) || !value.every(isCount))
      throw this.#wrong(key, "a list of whole numbers", value);
    return value as number[];
  }

  /** A positive number, or the default. */
  positive(key: string, byDefault: number): number {
    if (!this.has(key)) return this.#assume(key, byDefault);
    const value = this.values[key];
    if (typeof value !== "number" || !(value > 0))
      throw this.#wrong(key, "a positive number", value);
    return value;
  }

  /**
   * A positive number, or undefined where the file says null: "not used" is a value of its own.
   *
   * @param byDefault for a key that is not there; without it such a key is as null
   */
  nullable(key: string, byDefault?: number): number | undefined {
    this.#read.add(key);
    if (this.values[key] === null) return undefined;
    if (byDefault !== undefined || Object.hasOwn(this.values, key))
      return this.positive(key, byDefault ?? 0);
    return undefined;
  }

  /** True or false, or the default. */
  boolean(key: string, byDefault: boolean): boolean {
    if (!this.has(key)) return this.#assume(key, byDefault);
    const value = this.values[key];
    if (typeof value !== "boolean") throw this.#wrong(key, "true or false", value);
    return value;
  }

  /** Text that must be there. */
  string(key: string): string {
    const value = this.#required(key);
    if (typeof value !== "string") throw this.#wrong(key, "a string", value);
    return value;
  }

  /** One of several names; it must be there unless there is a default. */
  choice<Name extends string>(key: string, names: readonly Name[], byDefault?: Name): Name {
    if (byDefault !== undefined && !this.has(key)) return this.#assume(key, byDefault);
    const value = this.#required(key);
    const name = names.find((candidate) => candidate === value);
    if (name === undefined) throw this.#wrong(key, `one of ${names.join(", ")}`, value);
    return name;
  }

  /** A nested object, or undefined. */
  section(key: string): Readonly<Record<string, unknown>> | undefined {
    if (!this.has(key)) return undefined;
    const value = this.values[key];
    if (typeof value !== "object" || Array.isArray(value))
      throw this.#wrong(key, "an object", value);
    return value as Record<string, unknown>;
  }

  /** A nested object as a reader of its own, whose assumptions and unread keys are this one's too. */
  nested(key: string): ConfigReader {
    const known = this.#nested.get(key);
    if (known) return known;
    const reader = new ConfigReader(this.section(key) ?? {});
    this.#nested.set(key, reader);
    return reader;
  }

  /**
   * The first of several names of one key that is there; the first name if none is.
   *
   * @throws {ConfigError} if two of them are there with different values.
   */
  firstOf(...names: readonly [string, ...string[]]): string {
    const [first = names[0], ...others] = names.filter((name) => this.has(name));
    const other = others.find((name) => this.values[name] !== this.values[first]);
    if (other !== undefined) {
      throw this.#wrong(
        other,
        `the value of ${first}, which it is an old name of`,
        this.values[other],
      );
    }
    return first;
  }

  /** The quotient of two sizes, which must be whole. */
  divide(whole: string, parts: string): number {
    const [a, b] = [this.number(whole), this.number(parts)];
    if (a % b !== 0)
      throw new ConfigError(`config.json: ${whole} ${a} is not divisible by ${parts} ${b}`);
    return a / b;
  }

  /** Marks keys that change nothing about the computation as read. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#read.add(key);
  }

  /** Takes note of a key that the family's files have and that changes nothing. */
  stale(key: string, reason: string): void {
    if (this.has(key))
      this.#notes.push(`${key} = ${JSON.stringify(this.values[key])} has no effect: ${reason}`);
  }

  /** Refuses any value but the one that is implemented. */
  refuse(key: string, implemented: boolean): void {
    if (this.boolean(key, implemented) !== implemented) {
      throw new ConfigError(
        `config.json: ${key}: only ${implemented} is implemented, got ${!implemented}`,
      );
    }
  }

  /** Keys that nobody asked for and that are not in `ignored`. */
  unknownKeys(ignored: readonly string[]): string[] {
    const own = Object.keys(this.values).filter(
      (key) => !this.#read.has(key) && !ignored.includes(key),
    );
    const nested = [...this.#nested].flatMap(([key, reader]) =>
      reader.unknownKeys(ignored).map((unknown) => `${key}.${unknown}`),
    );
    return [...own, ...nested];
  }

  #required(key: string): unknown {
    if (!this.has(key)) throw new ConfigError(`config.json: ${key} is missing`);
    return this.values[key];
  }

  #assume<T>(key: string, value: T): T {
    const note = `${key} = ${String(value)}`;
    if (!this.#assumptions.includes(note)) this.#assumptions.push(note);
    return value;
  }

  #wrong(key: string, expected: string, value: unknown): ConfigError {
    return new ConfigError(
      `config.json: ${key}: expected ${expected}, got ${JSON.stringify(value)}`,
    );
  }
}
