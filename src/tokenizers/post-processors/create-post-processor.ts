import type { TokenizerJson } from "orrery-lm/formats";
import { ByteLevelPostProcessor } from "./byte-level.ts";
import { NoPostProcessor } from "./no-post-processor.ts";
import type { PostProcessor } from "./post-processor.ts";

/** Makes the post-processor that a `tokenizer.json` describes. */
export function createPostProcessor(json: TokenizerJson["postProcessor"]): PostProcessor {
  return json === null ? new NoPostProcessor() : new ByteLevelPostProcessor(json);
}
