import { IdBuffer } from "../collections/id-buffer.ts";
import type { Scanner } from "./scanner.ts";

/** Makes the scanner that cuts each piece of the first scanner with the second. */
export function scanInTurn(first: Scanner, second: Scanner): Scanner {
  return (bytes, length, ends) => {
    const outer = new IdBuffer();
    const inner = new IdBuffer();
    first(bytes, length, outer);
    let start = 0;
    for (let i = 0; i < outer.length; i++) {
      const end = outer.data[i]!;
      inner.clear();
      second(bytes.subarray(start, end), end - start, inner);
      for (let k = 0; k < inner.length; k++) ends.push(start + inner.data[k]!);
      start = end;
    }
  };
}
