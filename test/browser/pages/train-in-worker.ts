import type { Training } from "./training-worker.ts";

interface Told {
  readonly progress?: { readonly note: string };
  readonly json?: Uint8Array;
  readonly error?: string;
}

/** Learns in a Web Worker, which this page stops at the first progress if the texts do not end. */
export function run(training: Training): Promise<unknown> {
  const worker = new Worker(new URL("./training-worker.ts", import.meta.url), { type: "module" });
  const notes = new Set<string>();
  return new Promise((resolve, reject) => {
    worker.addEventListener("error", ({ message }) => reject(new Error(message)));
    worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
      const { progress, json, error } = data;
      if (progress !== undefined) {
        notes.add(progress.note);
        if (training.isUnending) worker.postMessage("stop");
        return;
      }
      worker.terminate();
      resolve({ notes: [...notes], json: json && new TextDecoder().decode(json), error });
    });
    worker.postMessage(training);
  });
}
