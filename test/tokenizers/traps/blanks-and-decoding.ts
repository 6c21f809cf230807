import { loadWith } from "../golden.ts";
import {
  type Trap,
  addedToken,
  byteToken,
  load,
  sentencePiece,
  sentencePieceModel,
  tokensOf,
} from "./trap.ts";

const bytes = Array.from({ length: 256 }, (_, byte) => byteToken(byte));
const BROKEN = [0xc3, 0xa9, 0xe8, 0xa1];

function metaspace(scheme: string, split = true): object {
  return { type: "Metaspace", replacement: "▁", prepend_scheme: scheme, split };
}

/** The tokens that Metaspace leaves of a text with an added token inside: each piece is one. */
async function pieces(preTokenizer: object): Promise<readonly string[]> {
  const vocab = Object.fromEntries(
    ["?", "a", "▁a", "b", "▁b", "▁a▁b", "a▁b", "▁"].map((t, id) => [t, id]),
  );
  return tokensOf("a b<x>a", {
    added_tokens: [addedToken(9, "<x>")],
    pre_tokenizer: preTokenizer,
    model: { type: "WordLevel", vocab, unk_token: "?" },
  });
}

/** What a decoder makes of tokens. */
async function decode(decoder: object, tokens: readonly string[]): Promise<string> {
  const vocab = Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
  const model = { type: "WordLevel", vocab, unk_token: tokens[0] };
  return (await load({ decoder, model })).decode(tokens.map((token) => vocab[token]!));
}

/** 3.5 Metaspace and SentencePiece's decoding. */
export const blanksAndDecoding: readonly Trap[] = [
  [
    "54 always: a blank before each section",
    () => pieces(metaspace("always")),
    ["▁a", "▁b", "<x>", "▁a"],
  ],
  [
    "54 first: at the start of the text only",
    () => pieces(metaspace("first")),
    ["▁a", "▁b", "<x>", "a"],
  ],
  ["54 never", () => pieces(metaspace("never")), ["a", "▁b", "<x>", "a"]],
  [
    "54 an old file has add_prefix_space",
    () => pieces({ type: "Metaspace", replacement: "▁", add_prefix_space: true }),
    ["▁a", "▁b", "<x>", "▁a"],
  ],
  [
    "55 split false leaves one piece",
    () => pieces(metaspace("always", false)),
    ["▁a▁b", "<x>", "▁a"],
  ],
  [
    "56 the first blank goes, and only that; what is unknown is ⁇",
    async () => {
      const model = await sentencePiece(
        [
          ["▁", -1],
          ["▁a", -1],
        ],
        { addDummyPrefix: true },
      );
      return [model.decode([1, 2, 2]), model.decode([2, 0, 2])];
    },
    [" a a", "a ⁇  a"],
  ],
  [
    "57 SentencePiece: U+FFFD for each byte that is wrong",
    async () => {
      const model = await sentencePiece(
        bytes.map((byte) => [byte, 0, "BYTE"] as const),
        { byteFallback: true },
      );
      return model.decode(BROKEN.map((byte) => byte + 1));
    },
    "é\ufffd\ufffd",
  ],
  [
    "57 ByteFallback: U+FFFD for each byte of the whole run",
    () => decode({ type: "ByteFallback" }, BROKEN.map(byteToken)),
    "\ufffd".repeat(4),
  ],
  [
    "57 ByteLevel: U+FFFD for what could have become a character",
    async () => {
      const tokenizer = await loadWith({});
      const ids = tokenizer.encode("é行");
      const letters = Array.from(ids, (id) => tokenizer.idToToken(id)!).join("");
      const some = Array.from(letters).slice(0, 4);
      return tokenizer.decode(some.map((letter) => tokenizer.tokenToId(letter)!));
    },
    "é\ufffd",
  ],
  [
    "58 WordPiece cleans up token by token",
    () =>
      decode({ type: "WordPiece", prefix: "##", cleanup: true }, [
        "i",
        "do",
        "not",
        ".",
        "a",
        "##b",
        "n't",
      ]),
    "i do not. abn't",
  ],
  [
    "58 CTC drops repetitions first, then the padding",
    () =>
      decode({ type: "CTC", pad_token: "<pad>", word_delimiter_token: "|", cleanup: true }, [
        "a",
        "a",
        "<pad>",
        "a",
        "|",
        "b",
      ]),
    "aa b",
  ],
  [
    "56 a trained model too",
    async () => {
      const model = await sentencePieceModel("unigram");
      return model.decode(model.encode("a b")).startsWith("a");
    },
    true,
  ],
];
