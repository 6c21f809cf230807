import { ConfigError } from "orrery-lm/base";
import type { BPEJson, TiktokenJson, TokenizerJson } from "orrery-lm/formats";
import { byteOfUnit } from "../byte-alphabet.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import { ByteLevelBPE } from "../models/byte-level-bpe.ts";
import { readsBytes } from "../models/reads-bytes.ts";

/**
 * The rank file that encodes as a tokenizer does, once somebody cuts the text in the same way; added
 * tokens are not in it.
 *
 * Merges and ranks are the same if ids grow along the merges and every token that is not added is
 * what the merges make of its bytes. For within the bytes of a token, merges go on as if nothing were
 * around it until one crosses its ends; so two neighbors that spell a token are always the two that
 * its merge names.
 *
 * @throws {ConfigError} if the tokenizer is of another kind, or ranks would encode otherwise.
 */
export function ranksOfMerges(json: TokenizerJson): TiktokenJson {
  const { model, normalizer } = json;
  if (normalizer !== null) refuse(`it cannot express normalizer ${normalizer.type}`);
  if (model.type === "tiktoken") return model;
  if (model.type !== "BPE" || !readsBytes(json)) {
    return refuse(`it cannot hold a model of type ${model.type} that is not byte-level`);
  }
  const added = new Set(json.addedTokens.map(({ id }) => id));
  checkOrder(model);
  checkTokens(model, added);
  return pack(model, added);
}

function checkOrder({ vocab, merges }: BPEJson): void {
  let before = -1;
  for (const [left, right] of merges) {
    const id = vocab.get(left + right)!;
    if (id <= before) {
      refuse(`the id of ${JSON.stringify(left + right)} is not above those merged before it`);
    }
    before = id;
  }
}

/** Each token must be what the merges make of its bytes. */
function checkTokens(model: BPEJson, added: ReadonlySet<number>): void {
  const bpe = new ByteLevelBPE({ ...model, ignoreMerges: false });
  const ids = new IdBuffer();
  for (const [token, id] of model.vocab) {
    if (added.has(id)) continue;
    const bytes = bytesOf(token);
    ids.clear();
    bpe.encodePiece({ bytes, start: 0, end: bytes.length }, ids);
    if (ids.length === 1 && ids.data[0] === id) continue;
    refuse(`the merges never make the token ${JSON.stringify(token)}`);
  }
}

function pack({ vocab }: BPEJson, added: ReadonlySet<number>): TiktokenJson {
  const tokens: (Uint8Array | undefined)[] = [];
  const seen = new Set<number>();
  let room = 0;
  for (const [token, id] of vocab) {
    if (added.has(id)) continue;
    const bytes = bytesOf(token);
    tokens[id] = bytes;
    room += bytes.length;
    if (bytes.length === 1) seen.add(bytes[0]!);
  }
  if (seen.size < 256) refuse(`only ${seen.size} of the 256 bytes are tokens`);
  const packed = new Uint8Array(room);
  const ends = new Uint32Array(tokens.length);
  let end = 0;
  for (let id = 0; id < tokens.length; id++) {
    packed.set(tokens[id] ?? [], end);
    end += tokens[id]?.length ?? 0;
    ends[id] = end;
  }
  return { type: "tiktoken", bytes: packed, ends };
}

function bytesOf(token: string): Uint8Array {
  const bytes = Array.from({ length: token.length }, (_, i) => byteOfUnit(token.charCodeAt(i)));
  if (bytes.includes(-1)) refuse(`${JSON.stringify(token)} is not spelled in the byte alphabet`);
  return Uint8Array.from(bytes);
}

function refuse(reason: string): never {
  throw new ConfigError(
    `save("tiktoken"): a rank file would not encode as this tokenizer does: ${reason}; save("tokenizer.json") can`,
  );
}
