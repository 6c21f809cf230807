import { type MergeStep, type Tokenizer, countWords, trainTokenizer } from "orrery-lm/tokenizers";
import type { Trap } from "./trap.ts";

/** The tokens that training adds, in their order. */
function learned(tokenizer: Tokenizer, from = 256): string[] {
  const ids = Array.from({ length: tokenizer.vocabSize - from }, (_, i) => from + i);
  return ids.map((id) => tokenizer.idToToken(id)!);
}

/** What training says while it learns a few pieces of SentencePiece's. */
async function notesOf(texts: readonly string[]): Promise<string[]> {
  const notes = new Set<string>();
  await trainTokenizer(texts, {
    algorithm: "unigram",
    vocabSize: 12,
    normalization: "identity",
    hardVocabLimit: false,
    onProgress: (_done, _total, note) => notes.add(note ?? ""),
  });
  return [...notes];
}

/** The pieces of a unigram model that learned from these sentences. */
async function unigramPieces(texts: readonly string[]): Promise<string[]> {
  const options = {
    algorithm: "unigram",
    vocabSize: 40,
    normalization: "identity",
    hardVocabLimit: false,
  } as const;
  return learned(await trainTokenizer(texts, options), 3);
}

const few = { symbols: "characters", merges: 2 } as const;

/** 3.7 Training. */
export const training: readonly Trap[] = [
  [
    "64 counts beyond 2^32 are exact",
    async () => {
      const words = await countWords(["ab", "cd cd"], few);
      for (const word of [0, 1]) words.add(words.bytesOf(word), 2 ** 33 - word);
      return [...words.counts];
    },
    [2 ** 33 + 1, 2 ** 33 + 1],
  ],
  [
    "64 ties go to the smaller ids",
    async () => learned(await trainTokenizer(["cd ab"], { vocabSize: 258, minFrequency: 1 })),
    ["ab", "cd"],
  ],
  [
    "64 aaa has the pair once",
    async () => {
      const counts: number[] = [];
      const onMerge = ({ count }: MergeStep): number => counts.push(count);
      await trainTokenizer(["aaa"], { ...few, minFrequency: 1, onMerge });
      return counts;
    },
    [2, 1],
  ],
  [
    "64 the same texts give the same tokenizer, in whatever order",
    async () => {
      const texts = ["the planet", "planets turn", "a star", "stars and planets"];
      const options = { algorithm: "wordpiece", vocabSize: 40 } as const;
      const one = await trainTokenizer(texts, options);
      const other = await trainTokenizer(texts.toReversed(), options);
      return learned(one, 0).join() === learned(other, 0).join();
    },
    true,
  ],
  [
    "65 Unigram is learned as SentencePiece does: from sentences, in its own format",
    async () =>
      Object.keys(
        (
          await trainTokenizer(["a b a b"], {
            algorithm: "unigram",
            vocabSize: 12,
            normalization: "identity",
            hardVocabLimit: false,
          })
        ).save("sentencepiece"),
      ),
    ["tokenizer.model"],
  ],
  [
    "66 a sentence that is too long is left out, and that is said",
    async () =>
      (await notesOf(["a b c d", "x".repeat(5000)])).filter((note) =>
        note.includes("longer than 4192 bytes"),
      ).length > 0,
    true,
  ],
  [
    "67 no piece goes from one sentence into the next",
    async () =>
      (await unigramPieces(["ab", "cd", "ab", "cd", "ab", "cd"])).filter((piece) =>
        /bc|da|b▁|d▁/.test(piece),
      ),
    [],
  ],
];
