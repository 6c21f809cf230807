import { Tokenizer, trainTokenizer } from "orrery-lm/tokenizers";

/** Encodes texts with a tokenizer that is loaded from bytes, and with one that is trained here. */
export async function run(input: {
  tokenizerJson: number[];
  corpus: string[];
  vocabSize: number;
  texts: string[];
}): Promise<{ loaded: number[][]; trained: number[][]; decoded: string[] }> {
  const bytes = Uint8Array.from(input.tokenizerJson);
  const loaded = await Tokenizer.load({ "tokenizer.json": bytes });
  const trained = await trainTokenizer(input.corpus, { vocabSize: input.vocabSize });
  const ids = input.texts.map((text) => loaded.encode(text));
  return {
    loaded: ids.map((row) => [...row]),
    trained: input.texts.map((text) => [...trained.encode(text)]),
    decoded: ids.map((row) => loaded.decode(row)),
  };
}
