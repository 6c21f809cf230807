import type {
  PostProcessorJson,
  TemplatePieceJson,
  TemplateTokenJson,
} from "./tokenizer-json/post-processors.ts";

/** A token that is put at an end of a text. */
export interface TokenWithId {
  readonly token: string;
  readonly id: number;
}

/** The template that puts a token before and one behind each text; null if there is neither. */
export function templateOfEnds(
  start: TokenWithId | undefined,
  end: TokenWithId | undefined,
): PostProcessorJson | null {
  if (start === undefined && end === undefined) return null;
  const around = (sequence: "A" | "B", typeId: number): TemplatePieceJson[] => [
    ...(start === undefined ? [] : [{ specialToken: start.token, typeId }]),
    { sequence, typeId },
    ...(end === undefined ? [] : [{ specialToken: end.token, typeId }]),
  ];
  const specialTokens = new Map<string, TemplateTokenJson>();
  for (const { token, id } of [start, end].filter((one) => one !== undefined)) {
    specialTokens.set(token, { id: token, ids: [id], tokens: [token] });
  }
  const single = around("A", 0);
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, ...around("B", 1)],
    specialTokens,
  };
}
