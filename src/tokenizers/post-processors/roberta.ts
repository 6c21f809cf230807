import type { PostProcessorJson } from "orrery-lm/formats";
import { ByteLevelPostProcessor } from "./byte-level.ts";
import type { PostProcessor } from "./post-processor.ts";
import { SequencePostProcessor } from "./sequence.ts";
import { TemplatePostProcessor } from "./template.ts";

/** `RobertaProcessing`: `<s> A </s>` or `<s> A </s> </s> B </s>`; all type ids are 0. */
export function createRoberta({
  sep,
  cls,
  trimOffsets,
  addPrefixSpace,
}: Extract<PostProcessorJson, { readonly type: "RobertaProcessing" }>): PostProcessor {
  const token = ([content, id]: readonly [string, number]) => ({
    ids: [id],
    tokens: [content],
    typeId: 0,
  });
  const first = { sequence: 0, typeId: 0 } as const;
  const second = { sequence: 1, typeId: 0 } as const;
  const single = [token(cls), first, token(sep)];
  const template = new TemplatePostProcessor(single, [...single, token(sep), second, token(sep)]);
  return new SequencePostProcessor(
    [new ByteLevelPostProcessor({ trimOffsets, addPrefixSpace })],
    template,
  );
}
