import { Tokenizer } from "orrery-lm/tokenizers";
import { describeTokenizer } from "../contracts/tokenizer.ts";
import { sharedData } from "../shared-data.ts";
import { golden, loadWith } from "./golden.ts";

describeTokenizer(
  "a trained byte-level BPE",
  () => Tokenizer.load({ "tokenizer.json": new TextEncoder().encode(golden.written) }),
  { isLossless: true },
);

const flagged = golden.cases.find(({ name }) => name === "32 trim_offsets with a prefix")!;
describeTokenizer(
  "a byte-level BPE with a prefix and added tokens",
  () => loadWith(flagged.changes),
  {
    isLossless: false,
  },
);

const gpt2 = sharedData("tokenizers/gpt2/tokenizer.json");
if (gpt2 !== undefined) {
  describeTokenizer("GPT-2", () => Tokenizer.load(gpt2), { isLossless: true });
}
