interface TrieNode<T> {
  readonly children: Map<number, TrieNode<T>>;
  value: T | undefined;
}

/** Finds the longest of many strings that starts at a place in a text; of equal ones the first counts. */
export class TokenTrie<T> {
  readonly #root: TrieNode<T> = { children: new Map(), value: undefined };
  readonly #isFirstUnit = new Uint8Array(0x10000);

  constructor(entries: Iterable<readonly [text: string, value: T]>) {
    for (const [text, value] of entries) {
      let node = this.#root;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        const child = node.children.get(unit) ?? { children: new Map(), value: undefined };
        node.children.set(unit, child);
        node = child;
      }
      node.value ??= value;
      this.#isFirstUnit[text.charCodeAt(0)] = 1;
    }
  }

  /** The next match at or after `start`: leftmost, and there the longest. */
  find(text: string, start: number): { start: number; end: number; value: T } | undefined {
    for (let i = start; i < text.length; i++) {
      if (this.#isFirstUnit[text.charCodeAt(i)] === 0) continue;
      const match = this.#longestAt(text, i);
      if (match !== undefined) return { start: i, ...match };
    }
    return undefined;
  }

  #longestAt(text: string, start: number): { end: number; value: T } | undefined {
    let longest: { end: number; value: T } | undefined;
    let node: TrieNode<T> | undefined = this.#root;
    for (let i = start; i < text.length; i++) {
      node = node.children.get(text.charCodeAt(i));
      if (node === undefined) break;
      if (node.value !== undefined) longest = { end: i + 1, value: node.value };
    }
    return longest;
  }
}
