import type { ByteLevelJson } from "./pre-tokenizers.ts";

/** A step of a template: the text A or B, or a special token, with a type id. */
export type TemplatePieceJson =
  | { readonly sequence: "A" | "B"; readonly typeId: number }
  | { readonly specialToken: string; readonly typeId: number };

/** What a name in a template stands for: one token or several. */
export interface TemplateTokenJson {
  readonly id: string;
  readonly ids: readonly number[];
  readonly tokens: readonly string[];
}

/** `TemplateProcessing`. */
export interface TemplateProcessingJson {
  readonly type: "TemplateProcessing";
  readonly single: readonly TemplatePieceJson[];
  readonly pair: readonly TemplatePieceJson[];
  readonly specialTokens: ReadonlyMap<string, TemplateTokenJson>;
}

/** A post-processor, by the names that `tokenizer.json` uses. */
export type PostProcessorJson =
  | ByteLevelJson
  | TemplateProcessingJson
  | {
      readonly type: "BertProcessing";
      readonly sep: readonly [token: string, id: number];
      readonly cls: readonly [token: string, id: number];
    }
  | {
      readonly type: "RobertaProcessing";
      readonly sep: readonly [token: string, id: number];
      readonly cls: readonly [token: string, id: number];
      readonly trimOffsets: boolean;
      readonly addPrefixSpace: boolean;
    }
  | { readonly type: "Sequence"; readonly processors: readonly PostProcessorJson[] };
