import { compareCodePoints } from "orrery-lm/base";
import type {
  PostProcessorJson,
  TemplatePieceJson,
  TemplateProcessingJson,
} from "./post-processors.ts";
import { writeByteLevel } from "./write-shared.ts";

/** What `tokenizers` writes for a post-processor. */
export function writePostProcessor(json: PostProcessorJson): object {
  switch (json.type) {
    case "ByteLevel":
      return writeByteLevel(json);
    case "TemplateProcessing":
      return writeTemplate(json);
    case "BertProcessing":
      return { type: json.type, sep: json.sep, cls: json.cls };
    case "RobertaProcessing":
      return {
        type: json.type,
        sep: json.sep,
        cls: json.cls,
        trim_offsets: json.trimOffsets,
        add_prefix_space: json.addPrefixSpace,
      };
    case "Sequence":
      return { type: json.type, processors: json.processors.map(writePostProcessor) };
  }
}

function writeTemplate({ type, single, pair, specialTokens }: TemplateProcessingJson): object {
  const names = [...specialTokens.keys()].toSorted(compareCodePoints);
  return {
    type,
    single: single.map(writeTemplatePiece),
    pair: pair.map(writeTemplatePiece),
    special_tokens: new Map(
      names.map((name) => {
        const { id, ids, tokens } = specialTokens.get(name)!;
        return [name, { id, ids, tokens }];
      }),
    ),
  };
}

function writeTemplatePiece(piece: TemplatePieceJson): object {
  return "sequence" in piece
    ? { Sequence: { id: piece.sequence, type_id: piece.typeId } }
    : { SpecialToken: { id: piece.specialToken, type_id: piece.typeId } };
}
