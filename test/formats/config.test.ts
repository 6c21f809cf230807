import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ConfigError, FormatError } from "orrery-lm/base";
import {
  ConfigReader,
  camelCase,
  readConfigJson,
  serializeConfig,
  snakeCase,
} from "orrery-lm/formats";
import { describe, expect, it } from "vitest";
import { NO_SHARED_DATA, sharedData } from "../shared-data.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (written: Uint8Array): string => new TextDecoder().decode(written);

describe("keys", () => {
  it.each([
    ["num_key_value_heads", "numKeyValueHeads"],
    ["rms_norm_eps", "rmsNormEps"],
    ["vocab_size", "vocabSize"],
    ["d_model", "dModel"],
    ["id2label", "id2label"],
    ["_name_or_path", "NameOrPath"],
    ["rotary_2d", "rotary_2d"],
    ["use_mup__", "useMup__"],
    ["a__b", "a_B"],
    ["", ""],
  ])("%j is %j", (snake, camel) => {
    expect(camelCase(snake)).toBe(camel);
    expect(snakeCase(camel)).toBe(snake);
  });

  const snakes = fc.string({ unit: fc.constantFrom("a", "b", "_", "1", "é", "-") });
  const camels = fc
    .string({ unit: fc.constantFrom("a", "B", "C", "_", "1", "é", "-") })
    .filter((name) => !/_[a-z]/.test(name));

  it("turn back exactly, both ways", () => {
    const back = fc.property(snakes, (key) => snakeCase(camelCase(key)) === key);
    const forth = fc.property(camels, (name) => camelCase(snakeCase(name)) === name);
    expect(fc.check(back, { seed: 1, numRuns: 2000 }).counterexample).toBeNull();
    expect(fc.check(forth, { seed: 1, numRuns: 2000 }).counterexample).toBeNull();
  });

  it("refuse what would not turn back", () => {
    expect(() => camelCase("headDim")).toThrow(ConfigError);
    expect(() => snakeCase("head_dim")).toThrow(ConfigError);
  });
});

describe("reading", () => {
  it("keeps the order of keys, and which numbers are floats", () => {
    const { values, floats } = readConfigJson(
      bytes(
        '{"b": 1.0, "a": {"c": [2, 3.0, 1e3], "d,{": "x\\", 3.0, [4.0, "}, "e": 0.5, "f": -0.0, "g": 1.0}',
      ),
    );
    expect(Object.keys(values)).toEqual(["b", "a", "e", "f", "g"]);
    expect(floats).toEqual(["b", "a.c.1", "a.c.2", "f", "g"]);
  });

  it.each([
    ["", /not valid JSON/],
    ['{"a": 1', /not valid JSON/],
    ["[1]", /expected a JSON object/],
    ["null", /expected a JSON object/],
    ['{"a": 1, "b": {"a": 1}, "a": 2}', /the key "a" stands twice/],
    ['{"b": [{"x\\u0041": 1, "xA": 2}]}', /the key "xA" stands twice/],
  ])("refuses %j", (json, message) => {
    expect(() => readConfigJson(bytes(json))).toThrow(FormatError);
    expect(() => ConfigReader.parse(bytes(json))).toThrow(message);
  });

  it("refuses bytes that are not UTF-8, and too many", () => {
    expect(() => readConfigJson(Uint8Array.of(0x7b, 0xff))).toThrow(
      /config\.json: not UTF-8.*\(byte 1\)/,
    );
    expect(() => readConfigJson(new Uint8Array(17_000_000))).toThrow(/expected at most/);
  });
});

describe("writing", () => {
  // As Python's json.dumps(x, indent=2, sort_keys=True) prints them.
  it.each<[unknown, string]>([
    [1e-5, "1e-05"],
    [1e-4, "0.0001"],
    [1.5e-12, "1.5e-12"],
    [1e-300, "1e-300"],
    [0.02, "0.02"],
    [1e16, "10000000000000000"],
    [1e21, "1000000000000000000000"],
    [1.5e300, BigInt(1.5e300).toString()],
    [0, "0"],
    [true, "true"],
    [null, "null"],
    ["é😀\n\u007f", '"\\u00e9\\ud83d\\ude00\\n\u007f"'],
    [[], "[]"],
    [{}, "{}"],
    [[1, [2]], "[\n    1,\n    [\n      2\n    ]\n  ]"],
    [
      { b: 1, a: { B: 1, a: 2 } },
      '{\n    "a": {\n      "B": 1,\n      "a": 2\n    },\n    "b": 1\n  }',
    ],
    [{ 10: "x", 9: "y" }, '{\n    "9": "y",\n    "10": "x"\n  }'],
    [{ a: undefined }, "{}"],
  ])("%j is %j", (value, json) => {
    expect(text(serializeConfig({ v: value }))).toBe(`{\n  "v": ${json}\n}\n`);
  });

  it.each([
    [10_000, "10000.0"],
    [0, "0.0"],
    [-0, "-0.0"],
    [1e16, "1e+16"],
    [1e100, "1e+100"],
    [0.5, "0.5"],
  ])("%d as a float is %s", (value, json) => {
    expect(text(serializeConfig({ v: value }, { floats: ["v"] }))).toBe(`{\n  "v": ${json}\n}\n`);
  });

  it.each([NaN, Infinity, 1n, () => 1])("refuses %s", (value) => {
    expect(() => serializeConfig({ a: { b: value } })).toThrow(ConfigError);
    expect(() => serializeConfig({ a: { b: value } })).toThrow(/^config\.json: a\.b: /);
  });
});

const checkpoints = sharedData("checkpoints");

describe.skipIf(checkpoints === undefined)(`configs of transformers (${NO_SHARED_DATA})`, () => {
  const folders = checkpoints === undefined ? [] : readdirSync(checkpoints).sort();

  it.each(folders)("%s is written byte for byte as it was read", (name) => {
    const file = readFileSync(join(checkpoints!, name, "config.json"));
    const { values, floats } = readConfigJson(file);
    expect(text(serializeConfig(values, { floats }))).toBe(file.toString());
  });
});

describe("ConfigReader", () => {
  const reader = (): ConfigReader =>
    new ConfigReader({
      mixed: [0, -1],
      heads: 4,
      wide: "12",
      zero: 0,
      half: 0.5,
      nothing: null,
      name: "x",
      act: "silu",
      tied: true,
      rope: { factor: 2 },
      list: [1],
      hidden: 10,
    });

  it("gives what is there", () => {
    const config = reader();
    expect(config.number("heads")).toBe(4);
    expect(config.optionalNumber("heads", 1)).toBe(4);
    expect(config.positive("half", 1)).toBe(0.5);
    expect(config.boolean("tied", false)).toBe(true);
    expect(config.string("name")).toBe("x");
    expect(config.choice("act", ["gelu", "silu"])).toBe("silu");
    expect(config.section("rope")).toEqual({ factor: 2 });
    expect([config.has("name"), config.has("nothing"), config.has("toString")]).toEqual([
      true,
      false,
      false,
    ]);
    expect(config.assumptions).toEqual([]);
  });

  it("lists each default that it takes, once", () => {
    const config = reader();
    expect(config.optionalNumber("absent", 7)).toBe(7);
    expect(config.optionalNumber("absent", 7)).toBe(7);
    expect(config.positive("nothing", 1e-5)).toBe(1e-5);
    expect(config.boolean("flag", false)).toBe(false);
    expect(config.choice("form", ["a", "b"], "b")).toBe("b");
    expect(config.section("none")).toBeUndefined();
    expect(config.assumptions).toEqual([
      "absent = 7",
      "nothing = 0.00001",
      "flag = false",
      "form = b",
    ]);
  });

  it("tells what is missing from what is null", () => {
    const config = reader();
    expect(config.nullable("nothing", 50)).toBeUndefined();
    expect(config.nullable("absent")).toBeUndefined();
    expect(config.nullable("half", 50)).toBe(0.5);
    expect(config.assumptions).toEqual([]);
    expect(config.nullable("absent", 50)).toBe(50);
    expect(config.assumptions).toEqual(["absent = 50"]);
  });

  it("counts from 0, alone and in lists", () => {
    const config = reader();
    expect(config.count("zero", 3)).toBe(0);
    expect(config.count("heads", 3)).toBe(4);
    expect(config.count("absent", 3)).toBe(3);
    expect(config.counts("list")).toEqual([1]);
    expect(config.counts("absent")).toEqual([]);
  });

  it("knows a key under several names", () => {
    const config = new ConfigReader({ n_head: 4, heads: 4, width: 8, n_embd: 9 });
    expect(config.firstOf("heads", "n_head")).toBe("heads");
    expect(config.firstOf("num_heads", "n_head")).toBe("n_head");
    expect(config.firstOf("depth", "n_layer")).toBe("depth");
    expect(() => config.firstOf("width", "n_embd")).toThrow(
      "n_embd: expected the value of width, which it is an old name of, got 9",
    );
  });

  it("reads a nested object, whose assumptions and unread keys are its own", () => {
    const config = new ConfigReader({ attention: { bias: true, clip: 2, alien: 1 } });
    const nested = config.nested("attention");
    expect(nested.boolean("bias", false)).toBe(true);
    expect(nested.positive("scale", 3)).toBe(3);
    expect(config.nested("attention")).toBe(nested);
    expect(config.assumptions).toEqual(["attention.scale = 3"]);
    nested.ignore("clip");
    expect(config.unknownKeys([])).toEqual(["attention.alien"]);
    expect(config.nested("absent").boolean("bias", true)).toBe(true);
  });

  it("names the keys that nobody read", () => {
    const config = reader();
    config.number("heads");
    config.has("rope");
    expect(config.unknownKeys(["list", "mixed", "hidden", "wide", "zero", "half"])).toEqual([
      "nothing",
      "name",
      "act",
      "tied",
    ]);
  });

  it.each<[string, (config: ConfigReader) => unknown, string]>([
    ["a negative count", (c) => c.count("wide", 1), "wide: expected a positive whole number"],
    ["no list", (c) => c.counts("heads"), "heads: expected a list of whole numbers, got 4"],
    ["a list of others", (c) => c.counts("mixed"), "mixed: expected a list of whole numbers"],
    ["text for a bound", (c) => c.nullable("name"), "name: expected a positive number"],
    ["text", (c) => c.number("wide"), 'wide: expected a positive whole number, got "12"'],
    ["zero", (c) => c.number("zero"), "zero: expected a positive whole number, got 0"],
    ["a fraction", (c) => c.optionalNumber("half", 1), "half: expected a positive whole number"],
    ["nothing", (c) => c.number("nothing"), "nothing is missing"],
    ["no number", (c) => c.positive("name", 1), 'name: expected a positive number, got "x"'],
    ["no boolean", (c) => c.boolean("heads", true), "heads: expected true or false, got 4"],
    ["no string", (c) => c.string("heads"), "heads: expected a string, got 4"],
    ["no choice", (c) => c.choice("act", ["gelu", "relu"]), "act: expected one of gelu, relu"],
    ["no object", (c) => c.section("list"), "list: expected an object, got [1]"],
    ["a remainder", (c) => c.divide("hidden", "heads"), "hidden 10 is not divisible by heads 4"],
    ["the other form", (c) => c.refuse("tied", false), "tied: only false is implemented, got true"],
  ])("refuses %s", (_, ask, message) => {
    expect(() => ask(reader())).toThrow(ConfigError);
    expect(() => ask(reader())).toThrow(`config.json: ${message}`);
  });
});
