import { FormatError } from "orrery-lm/base";
import { TOKENIZER_JSON, type PostProcessorJson } from "orrery-lm/formats";
import { createBert } from "./bert.ts";
import { ByteLevelPostProcessor } from "./byte-level.ts";
import { NoPostProcessor } from "./no-post-processor.ts";
import type { PostProcessor } from "./post-processor.ts";
import { createRoberta } from "./roberta.ts";
import { SequencePostProcessor } from "./sequence.ts";
import { createTemplate } from "./template.ts";

/**
 * Makes the post-processor that a tokenizer's file describes.
 * @throws {FormatError} if two of a sequence add tokens, or a template is broken.
 */
export function createPostProcessor(json: PostProcessorJson | null): PostProcessor {
  const steps = json === null ? [] : flatten(json).map(createStep);
  if (steps.length === 1) return steps[0]!;
  const trimmers = steps.filter((step) => step instanceof ByteLevelPostProcessor);
  const [template = new NoPostProcessor(), ...others] = steps.filter(
    (step) => !(step instanceof ByteLevelPostProcessor),
  );
  if (others.length > 0) {
    throw new FormatError(
      TOKENIZER_JSON,
      "post_processor Sequence: expected one post-processor beside ByteLevel, " +
        `got ${flatten(json!)
          .map(({ type }) => type)
          .join(", ")}`,
    );
  }
  return trimmers.length === 0 ? template : new SequencePostProcessor(trimmers, template);
}

type Step = Exclude<PostProcessorJson, { readonly type: "Sequence" }>;

function flatten(json: PostProcessorJson): readonly Step[] {
  return json.type === "Sequence" ? json.processors.flatMap(flatten) : [json];
}

function createStep(json: Step): PostProcessor {
  switch (json.type) {
    case "BertProcessing":
      return createBert(json);
    case "ByteLevel":
      return new ByteLevelPostProcessor(json);
    case "RobertaProcessing":
      return createRoberta(json);
    case "TemplateProcessing":
      return createTemplate(json);
  }
}
