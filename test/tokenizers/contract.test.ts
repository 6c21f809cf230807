import { describeTokenizer } from "../contracts/tokenizer.ts";
import { families, realFamilies } from "./families.ts";

for (const { name, load, ...traits } of families) describeTokenizer(name, load, traits);
for (const { name, load, ...traits } of realFamilies) {
  describeTokenizer(name, load, { ...traits, runs: 40 });
}
