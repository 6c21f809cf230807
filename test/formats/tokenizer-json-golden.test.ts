import { readFileSync } from "node:fs";
import { FormatError } from "orrery-lm/base";
import { parseTokenizerJson, serializeTokenizerJson } from "orrery-lm/formats";
import { describe, expect, test } from "vitest";

/** See goldens/generate/tokenizer-json.py. */
interface Golden {
  /** A file as the reference writes it. */
  readonly skeleton: string;
  readonly cases: readonly {
    readonly member: string;
    /** What the file has there. */
    readonly text: string;
    /** What the reference writes there after reading it, or null if it refuses the file. */
    readonly written: string | null;
  }[];
  /** What the reference reads and Orrery does not, or not so. */
  readonly divergent: readonly {
    readonly reason: string;
    readonly member: string;
    readonly text: string;
    readonly written: string;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/tokenizer-json.json", import.meta.url), "utf8"),
) as Golden;

function file(member: string, text: string): Uint8Array {
  const { skeleton } = golden;
  const start = skeleton.indexOf(`\n  "${member}": `) + `\n  "${member}": `.length;
  const next = skeleton.indexOf('\n  "', start);
  const end = next < 0 ? skeleton.length - 2 : next - 1;
  return new TextEncoder().encode(skeleton.slice(0, start) + text + skeleton.slice(end));
}

function rewrite(member: string, text: string): string {
  return new TextDecoder().decode(serializeTokenizerJson(parseTokenizerJson(file(member, text))));
}

describe("a tokenizer.json is written byte for byte as the reference writes it", () => {
  const rows = golden.cases.filter(({ written }) => written !== null);
  test.each(rows)("$member $text", ({ member, text, written }) => {
    expect(rewrite(member, text)).toBe(new TextDecoder().decode(file(member, written!)));
  });
});

describe("what the reference refuses is refused", () => {
  const rows = golden.cases.filter(({ written }) => written === null);
  test.each(rows)("$member $text", ({ member, text }) => {
    expect(() => parseTokenizerJson(file(member, text))).toThrow(FormatError);
  });
});

describe("known divergence", () => {
  test.each(golden.divergent)("$reason: $member $text", ({ member, text, written }) => {
    const ours = outcome(() => rewrite(member, text));
    expect(ours).not.toBe(new TextDecoder().decode(file(member, written)));
  });
});

function outcome(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof FormatError) return error.message;
    throw error;
  }
}
