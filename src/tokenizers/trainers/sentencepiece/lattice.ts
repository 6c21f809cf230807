import { PairTable } from "../../collections/pair-table.ts";

/** Strings of symbols, one after the other. */
export interface Rows {
  /** [N] symbols. */
  readonly symbols: Int32Array;
  /** [rows + 1] where each row starts in `symbols`; the last is N. */
  readonly starts: Int32Array;
}

/** The piece of an edge that no piece has: one character, unknown. */
export const UNKNOWN: number = -1;

/** How many symbols the longest row has. */
export function longestRow(starts: Int32Array): number {
  let longest = 0;
  for (let row = 0; row + 1 < starts.length; row++) {
    longest = Math.max(longest, starts[row + 1]! - starts[row]!);
  }
  return longest;
}

type Edges = Pick<Lattice, "starts" | "edgeStarts" | "edgePieces" | "edgeLengths">;

/**
 * All ways to cut rows into pieces: for each place the pieces that may start there, shortest first.
 * Where no piece of one symbol starts, an unknown one does, last of all.
 *
 * It is made once. When pieces are dropped, their edges are, which is many times as fast as to look
 * for the others again.
 */
export class Lattice {
  /** [rows + 1] */
  readonly starts: Int32Array;
  /** [N + 1] where the edges of each place start. */
  readonly edgeStarts: Int32Array;
  /** By edge: a piece, or {@link UNKNOWN}. */
  readonly edgePieces: Int32Array;
  /** By edge, in symbols. */
  readonly edgeLengths: Uint16Array;

  constructor(edges: Edges) {
    this.starts = edges.starts;
    this.edgeStarts = edges.edgeStarts;
    this.edgePieces = edges.edgePieces;
    this.edgeLengths = edges.edgeLengths;
  }

  /** Finds all places of all pieces in the rows. */
  static of({ symbols, starts }: Rows, pieces: Rows): Lattice {
    const trie = new Trie(pieces);
    const edgeStarts = new Int32Array(symbols.length + 1);
    let edgePieces = new Int32Array(4 * symbols.length + 16);
    let edgeLengths = new Uint16Array(edgePieces.length);
    let count = 0;
    const add = (piece: number, length: number): void => {
      if (count === edgePieces.length) {
        edgePieces = enlarged(edgePieces, new Int32Array(2 * count));
        edgeLengths = enlarged(edgeLengths, new Uint16Array(2 * count));
      }
      edgePieces[count] = piece;
      edgeLengths[count++] = length;
    };
    for (let row = 0; row + 1 < starts.length; row++) {
      const end = starts[row + 1]!;
      for (let place = starts[row]!; place < end; place++) {
        const first = count;
        let node = 0;
        for (let at = place; at < end; at++) {
          node = trie.child(node, symbols[at]!);
          if (node < 0) break;
          const piece = trie.pieceAt(node);
          if (piece >= 0) add(piece, at + 1 - place);
        }
        if (count === first || edgeLengths[first] !== 1) add(UNKNOWN, 1);
        edgeStarts[place + 1] = count;
      }
    }
    return new Lattice({
      starts,
      edgeStarts,
      edgePieces: edgePieces.slice(0, count),
      edgeLengths: edgeLengths.slice(0, count),
    });
  }

  /**
   * Without the edges of dropped pieces.
   * @param newPiece by old piece its new number, or -1 if it is dropped
   */
  keep(newPiece: Int32Array): Lattice {
    const { edgeStarts, edgePieces, edgeLengths } = this;
    const kept = {
      starts: this.starts,
      edgeStarts: new Int32Array(edgeStarts.length),
      edgePieces: new Int32Array(edgePieces.length),
      edgeLengths: new Uint16Array(edgePieces.length),
    };
    let count = 0;
    for (let place = 0; place + 1 < edgeStarts.length; place++) {
      let hasSingle = false;
      for (let edge = edgeStarts[place]!; edge < edgeStarts[place + 1]!; edge++) {
        const before = edgePieces[edge]!;
        const piece = before === UNKNOWN ? UNKNOWN : newPiece[before]!;
        if (piece < 0) continue;
        hasSingle ||= edgeLengths[edge] === 1;
        kept.edgePieces[count] = piece;
        kept.edgeLengths[count++] = edgeLengths[edge]!;
      }
      // There is room: the edge of one symbol that was here is gone.
      if (!hasSingle) {
        kept.edgePieces[count] = UNKNOWN;
        kept.edgeLengths[count++] = 1;
      }
      kept.edgeStarts[place + 1] = count;
    }
    return new Lattice({
      ...kept,
      edgePieces: kept.edgePieces.subarray(0, count),
      edgeLengths: kept.edgeLengths.subarray(0, count),
    });
  }

  /** Only these rows, in this order. */
  keepRows(rows: Int32Array): Lattice {
    let [places, edges] = [0, 0];
    for (const row of rows) {
      places += this.starts[row + 1]! - this.starts[row]!;
      edges += this.edgeStarts[this.starts[row + 1]!]! - this.edgeStarts[this.starts[row]!]!;
    }
    const starts = new Int32Array(rows.length + 1);
    const edgeStarts = new Int32Array(places + 1);
    const edgePieces = new Int32Array(edges);
    const edgeLengths = new Uint16Array(edges);
    let [place, edge] = [0, 0];
    for (const [i, row] of rows.entries()) {
      const [first, end] = [this.starts[row]!, this.starts[row + 1]!];
      const [firstEdge, endEdge] = [this.edgeStarts[first]!, this.edgeStarts[end]!];
      edgePieces.set(this.edgePieces.subarray(firstEdge, endEdge), edge);
      edgeLengths.set(this.edgeLengths.subarray(firstEdge, endEdge), edge);
      for (let at = first; at < end; at++) {
        edgeStarts[++place] = this.edgeStarts[at + 1]! - firstEdge + edge;
      }
      edge += endEdge - firstEdge;
      starts[i + 1] = place;
    }
    return new Lattice({ starts, edgeStarts, edgePieces, edgeLengths });
  }
}

/** All pieces, by their symbols. */
class Trie {
  readonly #children = new PairTable(1024);
  #pieces = new Int32Array(1024).fill(-1); // by node

  constructor({ symbols, starts }: Rows) {
    for (let piece = 0; piece + 1 < starts.length; piece++) {
      let node = 0;
      for (let i = starts[piece]!; i < starts[piece + 1]!; i++) {
        node = this.#children.intern(node, symbols[i]!) + 1;
      }
      if (node >= this.#pieces.length) {
        const before = this.#pieces.length;
        this.#pieces = enlarged(this.#pieces, new Int32Array(2 * node)).fill(-1, before);
      }
      this.#pieces[node] = piece;
    }
  }

  /** The child of a node (0 is the root), or -1. */
  child(node: number, symbol: number): number {
    const number = this.#children.find(node, symbol);
    return number < 0 ? -1 : number + 1;
  }

  /** The piece that ends at a node, or -1. */
  pieceAt(node: number): number {
    return node < this.#pieces.length ? this.#pieces[node]! : -1;
  }
}

function enlarged<T extends Int32Array | Uint16Array>(array: T, larger: T): T {
  larger.set(array);
  return larger;
}
