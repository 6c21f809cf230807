/** config.json between bytes and values. */
import { ConfigError, FormatError, decodeUtf8 } from "orrery-lm/base";
import { scanJson } from "./json-scan.ts";

// A config is a few kilobytes; a hostile one must not be parsed.
const MAX_CONFIG_BYTES = 16 * 2 ** 20;

/** What a config.json says. */
export interface ConfigJson {
  /** Under the file's own keys, in their order (keys that are numbers come first). */
  readonly values: Readonly<Record<string, unknown>>;
  /** Whole numbers written with a point, which Python reads as float: `rope_scaling.factor`. */
  readonly floats: readonly string[];
}

/**
 * Reads a config.json.
 * @throws {FormatError} if the bytes are too many, not UTF-8, not a JSON object, or have a key twice.
 */
export function readConfigJson(bytes: Uint8Array): ConfigJson {
  if (bytes.length > MAX_CONFIG_BYTES) {
    const message = `expected at most ${MAX_CONFIG_BYTES} bytes, got ${bytes.length}`;
    throw new FormatError("config.json", message);
  }
  const text = decodeUtf8(bytes, { name: "config.json" });
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError("config.json", `not valid JSON: ${message}`, { cause });
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new FormatError("config.json", "expected a JSON object");
  }
  const { duplicate, floats } = scanJson(text);
  if (duplicate !== undefined) {
    throw new FormatError("config.json", `the key "${duplicate.key}" stands twice in one object`);
  }
  return { values: values as Record<string, unknown>, floats };
}

/**
 * The bytes of a config.json as transformers writes it: two spaces, keys sorted in every object,
 * numbers as Python prints them, ASCII only, a line end.
 * @param options `floats`: paths of whole numbers to write with a point, as `readConfigJson` gives
 * @throws {ConfigError} if a value has no JSON, such as NaN.
 */
export function serializeConfig(
  values: Readonly<Record<string, unknown>>,
  { floats = [] }: { readonly floats?: readonly string[] } = {},
): Uint8Array {
  const text = write(values, { path: "", indent: "\n", floats: new Set(floats) });
  return new TextEncoder().encode(`${text}\n`);
}

interface PlaceInJson {
  readonly path: string;
  /** A line end and the spaces of the line that the value begins on. */
  readonly indent: string;
  readonly floats: ReadonlySet<string>;
}

function write(value: unknown, place: PlaceInJson): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) {
    return writeNumber(value, place.floats.has(place.path));
  }
  if (typeof value === "string") return writeString(value);
  if (Array.isArray(value)) {
    const items = value.map((item, i) => write(item, inside(place, String(i))));
    return enclose("[", items, { close: "]", indent: place.indent });
  }
  if (typeof value === "object") {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => compareKeys(a, b))
      .map(([key, member]) => `${writeString(key)}: ${write(member, inside(place, key))}`);
    return enclose("{", members, { close: "}", indent: place.indent });
  }
  throw new ConfigError(
    `config.json: ${place.path}: expected a JSON value, got ${typeof value === "number" ? value : typeof value}`,
  );
}

function inside({ path, indent, floats }: PlaceInJson, key: string): PlaceInJson {
  return { path: path === "" ? key : `${path}.${key}`, indent: `${indent}  `, floats };
}

function enclose(
  open: string,
  items: readonly string[],
  { close, indent }: { close: string; indent: string },
): string {
  if (items.length === 0) return open + close;
  return `${open}${items.map((item) => `${indent}  ${item}`).join(",")}${indent}${close}`;
}

/** Python's `repr`: another border for exponents than JavaScript's, and two digits in them. */
function writeNumber(value: number, isFloat: boolean): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && !isFloat) return BigInt(value).toString();
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function writeString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Keys that are numbers (of `id2label`) by size, since Python has them as numbers; others as text. */
function compareKeys(a: string, b: string): number {
  const isNumeric = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (isNumeric) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}
