// What a stranger writes: this file is compiled, run and bundled outside the repository.
import { trainTokenizer } from "orrery-lm/tokenizers";

const tokenizer = await trainTokenizer(["low low lower"], { vocabSize: 259 });
const ids = tokenizer.encode("low lowly");

export const result: unknown = { ids: [...ids], text: tokenizer.decode(ids) };
