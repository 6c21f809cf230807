import type { JsonValue } from "../json-value.ts";
import type {
  PostProcessorJson,
  TemplatePieceJson,
  TemplateProcessingJson,
  TemplateTokenJson,
} from "./post-processors.ts";
import { readByteLevel, readSequence, readType, refuseType } from "./read-shared.ts";
import { MAX_TOKEN_IDS } from "./read-vocabulary.ts";

// Type ids are 32-bit integers.
const MAX_TYPE_IDS = 2 ** 32;

/** Reads a post-processor. @throws {FormatError} if its type is unknown or a field is wrong. */
export function readPostProcessor(component: JsonValue, depth = 0): PostProcessorJson {
  const type = readType(component);
  switch (type) {
    case "ByteLevel":
      return readByteLevel(component);
    case "TemplateProcessing":
      return readTemplate(component);
    case "BertProcessing":
      return {
        type,
        sep: readToken(component.field("sep")),
        cls: readToken(component.field("cls")),
      };
    case "RobertaProcessing":
      return {
        type,
        sep: readToken(component.field("sep")),
        cls: readToken(component.field("cls")),
        trimOffsets: component.field("trim_offsets").boolean(),
        addPrefixSpace: component.field("add_prefix_space").boolean(),
      };
    case "Sequence":
      return {
        type,
        processors: readSequence(component.field("processors"), depth, readPostProcessor),
      };
    default:
      return refuseType(component, "post-processor");
  }
}

function readToken(pair: JsonValue): readonly [token: string, id: number] {
  const [token, id, ...rest] = pair.items();
  if (token === undefined || id === undefined || rest.length > 0) {
    return pair.fail(`a token and its id, ["[SEP]", 102]`);
  }
  return [token.string(), id.integer(MAX_TOKEN_IDS)];
}

function readTemplate(component: JsonValue): TemplateProcessingJson {
  const specialTokens = new Map<string, TemplateTokenJson>();
  const tokens = component.field("special_tokens");
  for (const name of Object.keys(tokens.object())) {
    specialTokens.set(name, readTemplateToken(tokens.field(name)));
  }
  const single = component.field("single").items();
  const pair = component.field("pair").items();
  return {
    type: "TemplateProcessing",
    single: single.map((piece) => readTemplatePiece(piece, ["A"], specialTokens)),
    pair: pair.map((piece) => readTemplatePiece(piece, ["A", "B"], specialTokens)),
    specialTokens,
  };
}

/** What no text could be made of is refused here; `tokenizers` panics at the first text. */
function readTemplatePiece(
  piece: JsonValue,
  sequences: readonly ("A" | "B")[],
  specialTokens: ReadonlyMap<string, TemplateTokenJson>,
): TemplatePieceJson {
  const sequence = piece.field("Sequence");
  if (!sequence.isNull) {
    return { sequence: sequence.field("id").oneOf(sequences), typeId: readTypeId(sequence) };
  }
  const specialToken = piece.field("SpecialToken");
  if (specialToken.isNull) return piece.fail(`{"Sequence": …} or {"SpecialToken": …}`);
  const id = specialToken.field("id");
  if (!specialTokens.has(id.string())) id.fail("a name in special_tokens");
  return { specialToken: id.string(), typeId: readTypeId(specialToken) };
}

function readTypeId(piece: JsonValue): number {
  return piece.field("type_id").integer(MAX_TYPE_IDS);
}

function readTemplateToken(token: JsonValue): TemplateTokenJson {
  const ids = token.field("ids").items();
  const tokens = token.field("tokens").items();
  if (tokens.length !== ids.length) token.field("tokens").fail(`as many as "ids"`);
  return {
    id: token.field("id").string(),
    ids: ids.map((id) => id.integer(MAX_TOKEN_IDS)),
    tokens: tokens.map((text) => text.string()),
  };
}
