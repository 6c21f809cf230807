import type { AlignedText } from "../aligned-text.ts";
import { IdBuffer } from "../collections/id-buffer.ts";
import type { Scanner } from "../kernels/scanner.ts";

/**
 * Cuts a text where a scanner cuts its bytes.
 * @yields the pieces, in order
 */
export function* splitByScanner(text: AlignedText, scan: Scanner): Generator<AlignedText> {
  const bytes = new TextEncoder().encode(text.text);
  const ends = new IdBuffer();
  scan(bytes, bytes.length, ends);
  let position = 0; // in bytes
  let unit = 0;
  for (let i = 0; i < ends.length; i++) {
    const start = unit;
    while (position < ends.data[i]!) {
      const width = utf8Width(bytes[position]!);
      position += width;
      unit += width === 4 ? 2 : 1;
    }
    yield text.slice(start, unit);
  }
}

/** How many bytes the character with this first byte takes. */
function utf8Width(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}
