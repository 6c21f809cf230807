// What a stranger writes: this file is compiled, run and bundled outside the repository.
import {
  type SaveFormat,
  Tokenizer,
  type TrainTokenizerOptions,
  splitLines,
  trainTokenizer,
} from "orrery-lm/tokenizers";

const corpus = "low lower lowest, new newer newest\n".repeat(20);
const text = "lowest new 123 é";

// The rules of "nmt_nfkc" take a second or more to compile.
const identity = { normalization: "identity" } as const;

/** Learned here, saved in a format, loaded again. */
const learned: Readonly<Record<string, [TrainTokenizerOptions, SaveFormat]>> = {
  "byte-level BPE as tokenizer.json": [{ vocabSize: 268 }, "tokenizer.json"],
  "byte-level BPE as vocab.json": [{ vocabSize: 268 }, "vocab"],
  "byte-level BPE as ranks": [{ vocabSize: 268 }, "tiktoken"],
  "WordPiece as vocab.txt": [{ algorithm: "wordpiece", vocabSize: 40 }, "vocab"],
  "Unigram as .model": [unigram(), "sentencepiece"],
  "Unigram as tokenizer.json": [unigram(), "tokenizer.json"],
  "SentencePiece's BPE as .model": [
    { algorithm: "sentencepiece-bpe", vocabSize: 290, byteFallback: true, ...identity },
    "sentencepiece",
  ],
};

/** Written by hand. */
const models: Readonly<Record<string, object>> = {
  WordLevel: {
    pre_tokenizer: { type: "Whitespace" },
    model: { type: "WordLevel", vocab: { "?": 0, lowest: 1, new: 2 }, unk_token: "?" },
  },
  "BPE of characters": {
    pre_tokenizer: {
      type: "Split",
      pattern: { Regex: "\\s+" },
      behavior: "Removed",
      invert: false,
    },
    model: {
      type: "BPE",
      vocab: { "?": 0, l: 1, o: 2, w: 3, "w</w>": 4, n: 5, e: 6, lo: 7, "ew</w>": 8 },
      merges: ["l o", "e w</w>"],
      unk_token: "?",
      end_of_word_suffix: "</w>",
    },
  },
};

function unigram(): TrainTokenizerOptions {
  return { algorithm: "unigram", vocabSize: 24, hardVocabLimit: false, ...identity };
}

async function reload([options, format]: [TrainTokenizerOptions, SaveFormat]): Promise<Tokenizer> {
  const tokenizer = await trainTokenizer(splitLines(corpus), options);
  const rules = format === "tiktoken" ? { pattern: "gpt2" } : {};
  return await Tokenizer.load(tokenizer.save(format), rules);
}

function loadJson(json: object): Promise<Tokenizer> {
  return Tokenizer.load(new TextEncoder().encode(JSON.stringify(json)));
}

const ids: Record<string, number[]> = {};
for (const [name, recipe] of Object.entries(learned)) {
  ids[name] = [...(await reload(recipe)).encode(text)];
}
for (const [name, json] of Object.entries(models)) {
  ids[name] = [...(await loadJson(json)).encode(text)];
}

// The interpreter of templates is loaded when it is first used.
const chat = await (
  await loadJson(models["WordLevel"]!)
).applyChatTemplate([{ role: "user", content: "new" }], {
  template: "{% for message in messages %}lowest {{ message.content }}{% endfor %}",
});

export const result: unknown = { ids, chat: [...chat.ids] };
