/** A worker that counts the words of texts; `count-in-batches.ts` starts it. */
import { serveCalls } from "#workers";
import type { PackedWords } from "./packed-words.ts";
import { type Preparation, countBatch, makeTextCounter } from "./text-counter.ts";
import type { CountWordsOf } from "./word-splitter.ts";

/** First how words are cut, then texts. */
export type CountingCall = { readonly preparation: Preparation } | { readonly texts: string[] };

function serve(): void {
  let count: CountWordsOf | undefined;
  serveCalls<CountingCall, PackedWords | undefined>(async (call) => {
    if ("preparation" in call) {
      count = await makeTextCounter(call.preparation);
      return { reply: undefined };
    }
    const reply = countBatch(count!, call.texts);
    const transfer = [reply.bytes.buffer, reply.ends.buffer, reply.counts.buffer];
    return { reply, transfer };
  });
}

serve();
