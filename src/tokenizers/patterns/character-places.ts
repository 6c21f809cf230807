import { placeAfter } from "./places.ts";

// So few characters are passed one by one.
const FEW = 16;

/**
 * Passes many characters of a text at once, though those beyond U+FFFF take two UTF-16 units. Makes a
 * table of the text when that has such characters and many others are passed.
 */
export class CharacterPlaces {
  readonly #text: string;
  #hasPairs: boolean | undefined;
  /** The number of the character at each place. */
  #numbers: Uint32Array | undefined;
  /** The place of each character, and the end. */
  #places: Uint32Array = new Uint32Array(0);

  constructor(text: string) {
    this.#text = text;
  }

  /** The place so many characters behind `start`, or -1 if that is behind `end`. */
  advance(start: number, count: number, end: number): number {
    if (count > end - start) return -1;
    if (count <= FEW) return this.#step(start, count, end);
    this.#hasPairs ??= /[\ud800-\udfff]/.test(this.#text);
    const place = this.#hasPairs ? this.#lookUp(start, count) : start + count;
    return place <= end ? place : -1;
  }

  #step(start: number, count: number, end: number): number {
    let place = start;
    for (let i = 0; i < count; i++) {
      if (place >= end) return -1;
      place = placeAfter(this.#text, place);
    }
    return place;
  }

  #lookUp(start: number, count: number): number {
    const numbers = (this.#numbers ??= this.#number());
    const number = numbers[start]! + count;
    return number < this.#places.length ? this.#places[number]! : Infinity;
  }

  #number(): Uint32Array {
    const numbers = new Uint32Array(this.#text.length + 2);
    const places = new Uint32Array(this.#text.length + 1);
    let count = 0;
    for (let place = 0; place < this.#text.length; place = placeAfter(this.#text, place)) {
      places[count] = place;
      numbers[place] = count++;
    }
    places[count] = this.#text.length;
    numbers[this.#text.length] = count;
    this.#places = places.subarray(0, count + 1);
    return numbers;
  }
}
