import { FormatError, decodeUtf8 } from "orrery-lm/base";
import { jsonEnd } from "./json-end.ts";

// Half of the longest string of V8, so that what is made of it still fits.
const MAX_BYTES = 1 << 28;

/** A value in an untrusted JSON file, with the path that leads to it: `model.merges[3]`. */
export class JsonValue {
  readonly value: unknown;
  readonly path: string;
  readonly format: string;

  constructor(format: string, path: string, value: unknown) {
    this.format = format;
    this.path = path;
    this.value = value;
  }

  /**
   * Reads a whole file.
   * @throws {FormatError} if the bytes are not UTF-8 or not JSON, or have the escape of one half of a
   * surrogate pair, with the byte.
   */
  static parse(format: string, bytes: Uint8Array): JsonValue {
    if (bytes.length > MAX_BYTES) {
      throw new FormatError(format, `expected at most ${MAX_BYTES} bytes, got ${bytes.length}`);
    }
    const text = decodeUtf8(bytes, { name: format });
    const value = parse(format, text);
    const index = loneSurrogate(text);
    if (index !== undefined) {
      const message = `${text.slice(index, index + 6)} is half of a surrogate pair, not a character`;
      throw new FormatError(format, message, { offset: byteOffset(text, index) });
    }
    return new JsonValue(format, "", value);
  }

  /** A member of an object; its value is undefined if it is absent. */
  field(name: string): JsonValue {
    const object = this.object();
    const path = this.path === "" ? name : `${this.path}.${name}`;
    return new JsonValue(this.format, path, Object.hasOwn(object, name) ? object[name] : undefined);
  }

  /** True if the value is absent or null. */
  get isNull(): boolean {
    return this.value === undefined || this.value === null;
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      this.fail("an object");
    }
    return this.value as Readonly<Record<string, unknown>>;
  }

  array(): readonly unknown[] {
    if (!Array.isArray(this.value)) this.fail("an array");
    return this.value as readonly unknown[];
  }

  items(): JsonValue[] {
    return this.array().map((item, i) => new JsonValue(this.format, `${this.path}[${i}]`, item));
  }

  string(): string {
    if (typeof this.value !== "string") this.fail("a string");
    return this.value as string;
  }

  /** @param fallback what an absent value means; without it the value must be there. */
  boolean(fallback?: boolean): boolean {
    if (this.value === undefined && fallback !== undefined) return fallback;
    if (typeof this.value !== "boolean") this.fail("true or false");
    return this.value as boolean;
  }

  /** An integer in `[0, limit)`. */
  integer(limit: number): number {
    const { value } = this;
    if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) < limit)) {
      this.fail(`an integer from 0 to ${limit - 1}`);
    }
    return value as number;
  }

  /** A size: an integer in `[0, 2^64)`, to the nearest double. */
  size(): number {
    const { value } = this;
    if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 64)) {
      this.fail("an integer from 0 to 2^64 - 1");
    }
    return value as number;
  }

  /** A string of exactly one code point. */
  character(): string {
    const { value } = this;
    if (typeof value !== "string" || value === "") return this.fail("one character");
    const length = value.codePointAt(0)! > 0xffff ? 2 : 1;
    return value.length === length ? value : this.fail("one character");
  }

  /** One of several strings. */
  oneOf<const T extends string>(names: readonly T[]): T {
    const found = names.find((name) => name === this.value);
    return found ?? this.fail(names.map((name) => JSON.stringify(name)).join(" or "));
  }

  /** @throws {FormatError} always: it says what was expected here and what came. */
  fail(expected: string): never {
    const place = this.path === "" ? "the file" : this.path;
    throw new FormatError(this.format, `${place}: expected ${expected}, got ${show(this.value)}`);
  }
}

function parse(format: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const offset = byteOffset(text, jsonEnd(text));
    throw new FormatError(format, `not JSON, or cut short: ${message}`, { offset, cause });
  }
}

function byteOffset(text: string, index: number): number {
  return new TextEncoder().encode(text.slice(0, index)).length;
}

/** Where the first escape stands that is a surrogate without its other half. */
function loneSurrogate(text: string): number | undefined {
  const surrogate = /\\u[dD][89a-fA-F]/g;
  const pair = /\\u[dD][89abAB]..\\u[dD][c-fC-F]/y;
  for (let found = surrogate.exec(text); found !== null; found = surrogate.exec(text)) {
    const { index } = found;
    // The second backslash of "\\" starts no escape.
    if (backslashesBefore(text, index) % 2 === 1) continue;
    pair.lastIndex = index;
    if (!pair.test(text)) return index;
    surrogate.lastIndex = index + 12;
  }
  return undefined;
}

function backslashesBefore(text: string, index: number): number {
  let start = index;
  while (text[start - 1] === "\\") start--;
  return index - start;
}

/** The beginning of a value, however long and deep it is. */
function show(value: unknown): string {
  const text = showWithin(value, 3);
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`;
}

function showWithin(value: unknown, depth: number): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth === 0) return "…";
  if (Array.isArray(value)) {
    return `[${value
      .slice(0, 30)
      .map((item) => showWithin(item, depth - 1))
      .join(",")}]`;
  }
  const members: string[] = [];
  for (const key of Object.keys(value).slice(0, 10)) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    members.push(`${showWithin(key, depth)}:${showWithin(member, depth - 1)}`);
  }
  return `{${members.join(",")}}`;
}
