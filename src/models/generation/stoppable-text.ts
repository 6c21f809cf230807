/** Turns ids that come in portions to text. */
export interface DecodedStream {
  push(ids: ArrayLike<number>): string;
  /** What was held back. */
  end(): string;
}

/** Text that comes in portions and ends at certain texts. */
export class StoppableText {
  readonly #stream: DecodedStream;
  readonly #stops: readonly string[];
  /** What was not given yet, because a stop may begin with it. */
  #held = "";
  #isStopped = false;

  constructor(stream: DecodedStream, stops: readonly string[]) {
    this.#stream = stream;
    this.#stops = stops;
  }

  /** Whether one of the stops was found. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** The text that a token completes, up to a stop. */
  push(id: number): string {
    return this.#give(this.#stream.push([id]), false);
  }

  /** What was held back, up to a stop. */
  end(): string {
    return this.#isStopped ? "" : this.#give(this.#stream.end(), true);
  }

  #give(added: string, isEnd: boolean): string {
    const text = this.#held + added;
    const places = this.#stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0);
    this.#isStopped = places.length > 0;
    const end = this.#isStopped
      ? Math.min(...places)
      : isEnd
        ? text.length
        : text.length - Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(end);
    return text.slice(0, end);
  }
}

/** How much of the end of a text a stop may begin with. */
function overlap(text: string, stop: string): number {
  for (let size = Math.min(text.length, stop.length - 1); size > 0; size--) {
    if (text.endsWith(stop.slice(0, size))) return size;
  }
  return 0;
}
