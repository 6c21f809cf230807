/** A worker that learns a BPE: of texts, or of texts without end until it is told to stop. */
import { trainTokenizer } from "orrery-lm/tokenizers";

/** What the worker is asked. */
export interface Training {
  readonly texts: string[];
  readonly vocabSize: number;
  readonly isUnending: boolean;
}

const controller = new AbortController();

globalThis.addEventListener("message", ({ data }: MessageEvent<Training | "stop">) => {
  if (data === "stop") controller.abort(new Error("stopped"));
  else void learn(data);
});

async function learn({ texts, vocabSize, isUnending }: Training): Promise<void> {
  function* source(): Generator<string> {
    do yield* texts;
    while (isUnending);
  }
  let told = 0;
  try {
    const tokenizer = await trainTokenizer(source(), {
      vocabSize,
      signal: controller.signal,
      onProgress: (done, total, note) => {
        if (told++ % 100 === 0) globalThis.postMessage({ progress: { done, total, note } });
      },
    });
    globalThis.postMessage({ json: tokenizer.save("tokenizer.json")["tokenizer.json"] });
  } catch (error) {
    globalThis.postMessage({ error: String(error) });
  }
}
