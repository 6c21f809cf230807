import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";

/** See goldens/generate/split-patterns.py. */
interface Golden {
  readonly texts: readonly string[];
  readonly patterns: readonly {
    readonly name: string;
    readonly pattern: string;
    readonly ends: readonly (readonly number[])[];
    readonly digest: string;
  }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../goldens/tokenizers/split-patterns.json", import.meta.url), "utf8"),
);
const BLOCK = 4096;

// The generator's contexts of every code point, so many at a time.
function* blocks(): Generator<string> {
  const planes = Array.from({ length: 0x32 }, (_, i) => i * BLOCK);
  for (const start of [...planes, 0xe0000, 0x10f000]) {
    let block = "";
    for (let codePoint = start; codePoint < start + BLOCK; codePoint++) {
      if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
      const c = String.fromCodePoint(codePoint);
      block += ` a${c}B ${c}'s${c}1${c}!\n${c}${c} /${c}`;
    }
    yield block;
  }
}

/** A tokenizer to which every piece is one unknown token. */
function loadCounter(pattern: string): Promise<Tokenizer> {
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: false,
    use_regex: false,
  };
  const split = {
    type: "Split",
    pattern: { Regex: pattern },
    behavior: "Isolated",
    invert: false,
  };
  const file = {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Sequence", pretokenizers: [split, byteLevel] },
    post_processor: null,
    decoder: byteLevel,
    model: { type: "BPE", unk_token: "<unk>", fuse_unk: true, vocab: { "<unk>": 0 }, merges: [] },
  };
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(file)));
}

describe.each(golden.patterns)("$name cuts as in tokenizers 0.23.2", (expected) => {
  // In a group the pattern means the same and is not one that is known: it runs as it is.
  test.each([
    ["as it is known", expected.pattern],
    ["as a regular expression", `(?:${expected.pattern})`],
  ])("1, 3, 4, 6 nasty strings, %s", async (_, pattern) => {
    const tokenizer = await loadCounter(pattern);
    for (const [i, text] of golden.texts.entries()) {
      const { offsets } = tokenizer.encodeFull(text, undefined, { offsetUnit: "codepoint" });
      const ends = expected.ends[i]!;
      expect([text, tokenizer.encode(text).length]).toEqual([text, ends.length]);
      expect([text, ...offsets.map(([, end]) => end)]).toEqual([text, ...ends]);
    }
  });

  test("1, 2 every code point in several contexts", async () => {
    const tokenizer = await loadCounter(expected.pattern);
    const counts = Array.from(blocks(), (block) => tokenizer.count(block));
    const digest = createHash("sha256").update(counts.join(",")).digest("hex");
    expect(digest).toBe(expected.digest);
  });
});
