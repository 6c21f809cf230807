import { Lattice, type LatticeTokens } from "../models/lattice.ts";
import type { Piece } from "../models/model.ts";
import { nBestWays } from "../models/n-best.ts";
import { Segments } from "../models/segmenter.ts";
import { Viterbi } from "../models/viterbi.ts";
import type { ModelSteps, ScoredPath } from "./explanation.ts";
import type { ModelExplainer } from "./model-explainer.ts";

// Nobody reads the second best way through a longer text, and it takes memory.
const MOST_BYTES_OF_OTHERS = 1 << 17;
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Explains `Unigram`, and the unigram model of a SentencePiece `.model`. */
export class UnigramExplainer implements ModelExplainer {
  readonly #tokens: LatticeTokens;
  readonly #viterbi: Viterbi;

  /** @param precision in what the model sums up scores; those of the explanation are of 64 bits */
  constructor(tokens: LatticeTokens, precision: "float32" | "float64") {
    this.#tokens = tokens;
    this.#viterbi = new Viterbi({ ...tokens, precision });
  }

  explain(text: string): ModelSteps {
    const bytes = new TextEncoder().encode(text);
    const piece = { bytes, start: 0, end: bytes.length };
    const segments = new Segments();
    this.#viterbi.segment(piece, segments);
    return {
      type: "bestPath",
      best: this.#pathOf(bytes, segments),
      runnerUp: this.#runnerUp(piece, segments),
    };
  }

  #runnerUp(piece: Piece, best: Segments): ScoredPath | null {
    if (piece.end > MOST_BYTES_OF_OTHERS) return null;
    const lattice = new Lattice(piece, this.#tokens);
    for (const { tokens } of nBestWays(lattice, 2)) {
      const segments = new Segments();
      lattice.push(tokens, segments);
      if (!areEqual(segments, best)) return this.#pathOf(piece.bytes, segments);
    }
    return null;
  }

  #pathOf(bytes: Uint8Array, { ends, ids, count }: Segments): ScoredPath {
    const { scores, unkId, unkScore } = this.#tokens;
    const symbols = Array.from({ length: count }, (_, i) => {
      const text = utf8.decode(bytes.subarray(i === 0 ? 0 : ends.data[i - 1], ends.data[i]));
      const id = ids.data[i]! | 0;
      const isKnown = id !== unkId || this.#isToken(text);
      return { text, id: isKnown ? id : null, score: isKnown ? scores[id]! : unkScore };
    });
    return { symbols, score: symbols.reduce((sum, { score }) => sum + score, 0) };
  }

  /** The text of the unknown token itself, "<unk>". */
  #isToken(text: string): boolean {
    const bytes = new TextEncoder().encode(text);
    return this.#tokens.trie.find(bytes, 0, bytes.length) >= 0;
  }
}

function areEqual(a: Segments, b: Segments): boolean {
  return a.count === b.count && a.ends.toArray().every((end, i) => end === b.ends.data[i]);
}
