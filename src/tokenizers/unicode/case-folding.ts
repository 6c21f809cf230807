import { CASE_FOLDS, LONG_CASE_FOLDS } from "./properties.gen.ts";

/** Which characters match each other in any case, by Unicode 16.0. */
export class CaseFolding {
  readonly #standIns = new Map<number, number>();
  readonly #classes = new Map<number, number[]>();
  /** Characters that match several ones ("ß" and "ss"). */
  readonly long: readonly LongFold[];

  #withoutLong: CaseFolding | undefined;

  /** @param hasLong whether one character may match several */
  constructor(hasLong: boolean) {
    for (const run of CASE_FOLDS.split(" ")) {
      const [first, count, stride, distance] = run.split(".").map((part) => parseInt(part, 36));
      for (let i = 0; i < count!; i++) {
        const codePoint = first! + i * stride!;
        this.#join(codePoint, codePoint + distance!);
      }
    }
    this.long = (hasLong ? LONG_CASE_FOLDS.split(" ") : []).map((fold) => {
      const [codePoint, ...several] = fold.split(".").map((part) => parseInt(part, 36));
      return { codePoint: codePoint!, several: several.map((one) => this.fold(one)) };
    });
  }

  /** The same, with only one character for one. */
  get withoutLong(): CaseFolding {
    this.#withoutLong ??= this.long.length === 0 ? this : new CaseFolding(false);
    return this.#withoutLong;
  }

  #join(codePoint: number, standIn: number): void {
    const members = this.#classes.get(standIn) ?? [standIn];
    members.push(codePoint);
    this.#classes.set(standIn, members);
    this.#standIns.set(codePoint, standIn);
  }

  /** The character that stands for all that match this one. */
  fold(codePoint: number): number {
    return this.#standIns.get(codePoint) ?? codePoint;
  }

  /** All that match this one, itself included. */
  variants(codePoint: number): readonly number[] {
    return this.#classes.get(this.fold(codePoint)) ?? [codePoint];
  }

  /** All characters that match others, with those. */
  classes(): IterableIterator<readonly number[]> {
    return this.#classes.values();
  }
}

/** A character that matches several ones in any case. */
export interface LongFold {
  readonly codePoint: number;
  /** Each folded. */
  readonly several: readonly number[];
}
