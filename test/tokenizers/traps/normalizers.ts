import { FormatError } from "orrery-lm/base";
import { parseSentencePieceModel } from "orrery-lm/formats";
import { trainTokenizer } from "orrery-lm/tokenizers";
import { type Trap, load, normalize, sentencePiece, sentencePieceModel, tokensOf } from "./trap.ts";

const bert = (changes: object): object => ({
  type: "BertNormalizer",
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
  ...changes,
});

/** nmt_nfkc, as training puts it into a model. */
const trained = await trainTokenizer(["a b"], {
  algorithm: "unigram",
  vocabSize: 6,
  hardVocabLimit: false,
});
const { normalizer } = parseSentencePieceModel(trained.save("sentencepiece")["tokenizer.model"]!);
if (normalizer?.type !== "SentencePiece") throw new Error("a model without a normalizer");
const charsmap = normalizer.precompiledCharsmap;
const precompiled = {
  type: "Precompiled",
  precompiled_charsmap: btoa(Array.from(charsmap, (byte) => String.fromCharCode(byte)).join("")),
};
const letters = Array.from("abcdefgvihn ").map((letter): [string, number] => [letter, -1]);

/** The blank-free text that SentencePiece reads. */
async function read(text: string, options: object): Promise<string> {
  const model = await sentencePiece([["\u2581", -1], ...letters], options);
  return (await tokensOf(text, model)).join("");
}

const blanks = { addDummyPrefix: true, removeExtraWhitespaces: true };

/** 3.4 Normalizers. */
export const normalizers: readonly Trap[] = [
  ["42 accents go where capitals do", () => normalize("É\tA", bert({})), "e a"],
  ["42 and stay where the file says so", () => normalize("É", bert({ strip_accents: false })), "é"],
  [
    "42 capitals without accents",
    () => normalize("É", bert({ lowercase: false, strip_accents: true })),
    "E",
  ],
  [
    "43 BERT drops controls and formats of old tables, and keeps what is not assigned",
    () => normalize("a\u0000\ufffd\u200b\u0378\u{13430}b", bert({})),
    "a\u0378\u{13430}b",
  ],
  [
    "44 Chinese in tokenizers' range: U+2B920, not U+2B820",
    () => normalize("a\u{2b820}b\u{2b920}c", bert({})),
    "a\u{2b820}b \u{2b920} c",
  ],
  ["45 Σ at the end of a word", () => normalize("ΑΣ ΑΣ", { type: "Lowercase" }), "ασ ασ"],
  ["45 İ becomes two", () => normalize("İ", { type: "Lowercase" }), "i\u0307"],
  [
    "46 tokenizers looks small clusters up as a whole, large ones by characters",
    () => normalize("e\u0301 e\u0301\u0301\u0301", precompiled),
    "é e\u0301\u0301\u0301",
  ],
  [
    "46 SentencePiece takes the longest prefix",
    () => read("e\u0301\u0301\u0301\uff41", { charsmap }),
    "é\u0301\u0301a",
  ],
  [
    "47 a charsmap that is too short for its tree, or none",
    () =>
      Promise.all(
        ["", "AA==", "////fwAAAAA=", "BAAAAAAAAAA="].map((map) =>
          load({
            normalizer: { type: "Precompiled", precompiled_charsmap: map },
            model: { type: "WordLevel", vocab: { "?": 0 }, unk_token: "?" },
          }).catch((error: unknown) => error instanceof FormatError),
        ),
      ).then((all) => all.slice(1, 3)),
    [true, true],
  ],
  [
    "48 nmt_nfkc is not NFKC: ～ stays, controls go, spaces are one",
    () => normalize("\uff5e\u200da\u0001b\u3000\ufb01", precompiled),
    "\uff5e\u200dab fi",
  ],
  ["49 blanks at the ends go, those between are one", () => read("  a   b ", blanks), "▁a▁b"],
  ["49 nothing but blanks is nothing", () => read("   ", blanks), ""],
  [
    "49 blanks that are kept come before the prefix",
    () => read(" a", { addDummyPrefix: true }),
    "▁▁a",
  ],
  ["50 ▁ in the text is a blank", () => read("a▁b", {}), "▁a▁b".slice(1)],
  [
    "51 what is no character becomes one U+FFFD each",
    () =>
      tokensOf(
        "a\ud800\ud800b",
        sentencePiece([
          ["a", -1],
          ["b", -1],
          ["\ufffd", -2],
        ]),
      ),
    ["a", "\ufffd", "\ufffd", "b"],
  ],
  ["52 NFC composes, and decoding gives it so", () => normalize("e\u0301", { type: "NFC" }), "é"],
  [
    "52 marks that are new since Unicode 9 are not put in order, as in the reference",
    () => normalize("e\u1ac7\u0323", { type: "NFD" }),
    "e\u1ac7\u0323",
  ],
  [
    "53 Replace speaks Oniguruma",
    () =>
      normalize("xbeef", { type: "Replace", pattern: { Regex: String.raw`\h+` }, content: "$0" }),
    "x$0",
  ],
  [
    "53 Prepend leaves nothing as nothing",
    async () => [
      await normalize("", { type: "Prepend", prepend: "▁" }),
      await normalize("a", { type: "Prepend", prepend: "▁" }),
    ],
    ["", "▁a"],
  ],
  [
    "53 Strip",
    () => normalize("\u0085 a \u3000", { type: "Strip", strip_left: true, strip_right: true }),
    "a",
  ],
  [
    "49 a trained model does it too",
    async () => {
      const model = await sentencePieceModel("unigram");
      return [...model.encode("  a  b ")].join() === [...model.encode("a b")].join();
    },
    true,
  ],
];
