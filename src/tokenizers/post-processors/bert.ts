import type { PostProcessorJson } from "orrery-lm/formats";
import type { PostProcessor } from "./post-processor.ts";
import { TemplatePostProcessor } from "./template.ts";

/**
 * `BertProcessing`: `[CLS] A [SEP]`, or `[CLS] A [SEP] B [SEP]` where B and what follows it have type
 * id 1.
 */
export function createBert({
  sep,
  cls,
}: Extract<PostProcessorJson, { readonly type: "BertProcessing" }>): PostProcessor {
  const token = ([content, id]: readonly [string, number], typeId: number) => ({
    ids: [id],
    tokens: [content],
    typeId,
  });
  const single = [token(cls, 0), { sequence: 0, typeId: 0 } as const, token(sep, 0)];
  const second = { sequence: 1, typeId: 1 } as const;
  return new TemplatePostProcessor(single, [...single, second, token(sep, 1)]);
}
