import type { Encoding } from "../encodings/encoding.ts";
import { joinEncodings } from "../encodings/join-encodings.ts";
import type { PostProcessor } from "./post-processor.ts";

/** What happens where a file names no post-processor: a pair is joined, nothing is added. */
export class NoPostProcessor implements PostProcessor {
  addedTokenCount(): number {
    return 0;
  }

  processIds(ids: Uint32Array): Uint32Array {
    return ids;
  }

  process(text: Encoding, pair: Encoding | undefined): Encoding {
    return joinEncodings(text, pair);
  }
}
