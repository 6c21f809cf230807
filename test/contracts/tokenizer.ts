import fc from "fast-check";
import { type LoadOptions, type SaveFormat, type TextChunk, Tokenizer } from "orrery-lm/tokenizers";
import { describe, expect, test } from "vitest";
import { nastyStrings, wellFormed } from "../nasty-strings.ts";

// Long ones show nothing here that shorter ones do not.
const texts = nastyStrings.map(([name, text]) => [name, text.slice(0, 20_000)] as const);

/** What a tokenizer promises beyond the contract of all. */
export interface TokenizerTraits {
  /** `decode(encode(text))` is the text. */
  readonly isLossless: boolean;
  /** The format that keeps all of it, and what its files leave out. @default tokenizer.json */
  readonly format?: SaveFormat;
  readonly rules?: LoadOptions;
  /** How many random texts it is shown. @default 300 */
  readonly runs?: number;
}

// Strings of any UTF-16 units, lone surrogates and the special token among them.
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "'", "s", "1", "é", "行", "🪐") }),
      fc.constantFrom("<|end|>", "\ud83e", "\udd10"),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(""));

/** What every tokenizer must do. */
export function describeTokenizer(
  name: string,
  load: () => Promise<Tokenizer>,
  { isLossless, format = "tokenizer.json", rules = {}, runs = 300 }: TokenizerTraits,
): void {
  const fixedSeed = { seed: 20_261_124, numRuns: runs };
  describe(`${name}: the contract of tokenizers`, async () => {
    const tokenizer = await load();

    describe.each(texts)("%s", (_, text) => {
      test("is encoded and decoded", () => {
        expect(roundTripBreaches(tokenizer, text, isLossless)).toEqual([]);
      });
      test("decodes in portions as at once", () => {
        expect(streamBreaches(tokenizer, text)).toEqual([]);
      });
      test("has tokens and offsets", () => {
        expect(encodingBreaches(tokenizer, text)).toEqual([]);
      });
      test.each([0, 1, 2, 7])("is truncated to %d tokens", (maxTokens) => {
        expect(truncationBreaches(tokenizer, text, maxTokens)).toEqual([]);
      });
    });

    test("any text is encoded, decoded, streamed, described and truncated", () => {
      fc.assert(
        fc.property(anyText, fc.nat({ max: 12 }), (text, maxTokens) => {
          expect([
            ...roundTripBreaches(tokenizer, text, isLossless),
            ...streamBreaches(tokenizer, text),
            ...encodingBreaches(tokenizer, text),
            ...truncationBreaches(tokenizer, text, maxTokens),
          ]).toEqual([]);
        }),
        fixedSeed,
      );
    });

    test("any text is encoded in portions as at once", () => {
      fc.assert(
        fc.property(fc.array(anyText, { maxLength: 4 }), fc.nat(4), (portions, longWords) => {
          // Places that can be cut are rare in nasty strings.
          const parts = portions.flatMap((part) => [part, "one two\n".repeat(longWords), "thr"]);
          const stream = tokenizer.encodeStream();
          const ids = [...parts.map((part) => stream.push(part)), stream.end()];
          expect(ids.flatMap((some) => [...some])).toEqual([...tokenizer.encode(parts.join(""))]);
        }),
        fixedSeed,
      );
    });

    test("any text is split into chunks that fit", () => {
      fc.assert(
        fc.property(anyText, fc.integer({ min: 1, max: 9 }), fc.nat(8), (text, room, overlap) => {
          const added = tokenizer.count("");
          const maxTokens = room + added;
          const chunks = tokenizer.split(text, { maxTokens, overlap: Math.min(overlap, room - 1) });
          expect(splitBreaches(tokenizer, text, chunks, maxTokens)).toEqual([]);
        }),
        fixedSeed,
      );
    });

    test("any ids decode, in portions as at once", () => {
      const ids = fc.array(fc.nat({ max: tokenizer.vocabSize + 3 }), { maxLength: 30 });
      fc.assert(
        fc.property(ids, fc.nat({ max: 30 }), (all, cut) => {
          const stream = tokenizer.decodeStream();
          const parts = [stream.push(all.slice(0, cut)), stream.push(all.slice(cut)), stream.end()];
          expect(parts.join("")).toBe(tokenizer.decode(all));
        }),
        fixedSeed,
      );
    });

    test("a batch is the same texts one by one", async () => {
      const all = texts.map(([, text]) => text);
      const batch = await tokenizer.encodeBatch(all);
      expect(batch.length).toBe(all.length);
      expect(all.filter((text, i) => !areEqual(batch[i]!, tokenizer.encode(text)))).toEqual([]);
    });

    test("what was encoded before changes nothing", async () => {
      expect(differences(await load(), tokenizer)).toEqual([]);
    });

    test("saved and loaded it is the same", async () => {
      const files = tokenizer.save(format);
      const again = await Tokenizer.load(files, rules);
      const savedAgain = again.save(format);
      expect(Object.keys(savedAgain)).toEqual(Object.keys(files));
      for (const [file, bytes] of Object.entries(files)) {
        expect([file, Buffer.compare(savedAgain[file]!, bytes)]).toEqual([file, 0]);
      }
      expect(differences(again, tokenizer)).toEqual([]);
    });

    test("ids and tokens belong to each other", () => {
      const ids = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter(
        (id) => tokenizer.idToToken(id) !== undefined,
      );
      expect(ids.map((id) => tokenizer.tokenToId(tokenizer.idToToken(id)!))).toEqual(ids);
      expect(tokenizer.idToToken(tokenizer.vocabSize)).toBeUndefined();
      expect(tokenizer.tokenToId("no such token \ufffd")).toBeUndefined();
    });
  });
}

/** The names of the texts, in another order, that two encode differently. */
function differences(one: Tokenizer, other: Tokenizer): string[] {
  return texts
    .toReversed()
    .filter(([, text]) => !areEqual(one.encode(text), other.encode(text)))
    .map(([name]) => name);
}

/** The names of the promises that do not hold. */
function breaches(promises: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(promises)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
}

function roundTripBreaches(tokenizer: Tokenizer, text: string, isLossless: boolean): string[] {
  const ids = tokenizer.encode(text, { addSpecialTokens: false });
  const again = tokenizer.encode(text, { addSpecialTokens: false });
  return breaches({
    "the same again": areEqual(ids, again),
    counted: tokenizer.count(text, { addSpecialTokens: false }) === ids.length,
    lossless: !isLossless || tokenizer.decode(ids) === wellFormed(text),
  });
}

function streamBreaches(tokenizer: Tokenizer, text: string): string[] {
  const ids = tokenizer.encode(text);
  const stream = tokenizer.decodeStream();
  let streamed = "";
  for (const id of ids) streamed += stream.push([id]);
  return breaches({ "streamed as at once": streamed + stream.end() === tokenizer.decode(ids) });
}

function encodingBreaches(tokenizer: Tokenizer, text: string): string[] {
  const { ids, tokens, offsets, typeIds, attentionMask, specialTokensMask } =
    tokenizer.encodeFull(text);
  const ends = offsets.map(([, end]) => end).filter((_, i) => specialTokensMask[i] === 0);
  const lists = [tokens, offsets, typeIds, attentionMask, specialTokensMask];
  return breaches({
    "the ids of encode": areEqual(ids, tokenizer.encode(text)),
    "lists of one length": lists.every(({ length }) => length === ids.length),
    "offsets inside the text": offsets.every(([start, end]) => start <= end && end <= text.length),
    // Of the ends, since trimming can move a start past that of the next token. Added tokens stand at
    // no place of the text.
    "offsets in order": ends.every((end, i) => i === 0 || ends[i - 1]! <= end),
    "whole characters": offsets.flat().every((offset) => !isInsidePair(text, offset)),
  });
}

function truncationBreaches(tokenizer: Tokenizer, text: string, maxTokens: number): string[] {
  const head = tokenizer.truncate(text, maxTokens);
  const tail = tokenizer.truncate(text, maxTokens, "left");
  // Even of nothing it makes some.
  const most = Math.max(maxTokens, tokenizer.count(""));
  return breaches({
    "a head": text.startsWith(head),
    "a tail": text.endsWith(tail),
    "few enough": Math.max(tokenizer.count(head), tokenizer.count(tail)) <= most,
    "all of it, if it fits": tokenizer.count(text) > maxTokens || (head === text && tail === text),
    "whole characters":
      !isInsidePair(text, head.length) && !isInsidePair(text, text.length - tail.length),
  });
}

function splitBreaches(
  tokenizer: Tokenizer,
  text: string,
  chunks: readonly TextChunk[],
  maxTokens: number,
): string[] {
  const starts = chunks.map(({ start }) => start);
  return breaches({
    "what they say they are": chunks.every((c) => c.text === text.slice(c.start, c.end)),
    "all of the text": text === "" || (starts[0] === 0 && chunks.at(-1)!.end === text.length),
    "no gaps": chunks.every(({ start }, i) => i === 0 || start <= chunks[i - 1]!.end),
    "further each time": starts.every((start, i) => i === 0 || start > starts[i - 1]!),
    "few enough": chunks.every(
      (c) => tokenizer.count(c.text) <= maxTokens || Array.from(c.text).length === 1,
    ),
    "whole characters": chunks.every((c) => !isInsidePair(text, c.start)),
  });
}

function isInsidePair(text: string, offset: number): boolean {
  return offset > 0 && text.codePointAt(offset - 1)! > 0xffff;
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
