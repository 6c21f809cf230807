import type { AddedTokenJson } from "./tokenizer-json.ts";

/** A control token as `tokenizers` adds it. */
export function specialToken(content: string, id: number): AddedTokenJson {
  return {
    id,
    content,
    singleWord: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  };
}
