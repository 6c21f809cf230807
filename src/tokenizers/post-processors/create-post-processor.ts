import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type PostProcessorJson } from "orrery-lm/formats";
import { ByteLevelPostProcessor } from "./byte-level.ts";
import { NoPostProcessor } from "./no-post-processor.ts";
import type { PostProcessor } from "./post-processor.ts";

/** Makes the post-processor that a tokenizer's file describes. */
export function createPostProcessor(json: PostProcessorJson | null): PostProcessor {
  if (json === null) return new NoPostProcessor();
  if (json.type === "ByteLevel") return new ByteLevelPostProcessor(json);
  throw new FormatError(TOKENIZER_JSON, `post_processor ${json.type} is not supported`);
}
