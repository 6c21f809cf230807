/**
 * Learns a tokenizer from a text, and takes words apart with it.
 *
 *     npx tsx --conditions=orrery:source examples/01-tokenizer.ts ["some words"]
 */

import { generateStories } from "orrery-lm/lab";
import { Tokenizer, splitLines, trainTokenizer } from "orrery-lm/tokenizers";

const text = process.argv[2] ?? "The lantern was still burning. 🙂";

const learned = await trainTokenizer(splitLines(generateStories(0, 100_000)), {
  vocabSize: 600,
  specialTokens: ["<|end|>"],
});

// What is saved is a tokenizer.json that Hugging Face's libraries read as well.
const tokenizer = await Tokenizer.load(learned.save("tokenizer.json"));

const { ids, tokens, offsets } = tokenizer.encodeFull(text);
console.log(
  `${tokenizer.vocabSize} tokens in all; ${text.length} characters become ${ids.length}:`,
);
tokens.forEach((token, i) => {
  const [start, end] = offsets[i]!;
  console.log(`${String(ids[i]).padStart(5)}  ${token.padEnd(12)} ${text.slice(start, end)}`);
});

console.log(`and back: ${tokenizer.decode(ids)}`);

// In a user's text a special token is plain text, unless the caller says otherwise.
const doubtful = "<|end|>";
console.log(`${doubtful} as text: ${tokenizer.encode(doubtful).length} tokens`);
const matched = tokenizer.encode(doubtful, { specialTokens: "match" });
console.log(`${doubtful} as a token: ${matched.length} token`);
