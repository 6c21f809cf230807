/**
 * Loads a model from files that someone chooses, and writes with it; nothing leaves the page.
 *
 *     npx vite examples/browser
 *
 * A folder that `orrery train` wrote has the files, or one of Hugging Face's.
 */

import { isExpectedError } from "orrery-lm/base";
import { loadModel } from "orrery-lm/models";
import { wasmRuntime, webGpuRuntime } from "orrery-lm/runtime";
import { Tokenizer } from "orrery-lm/tokenizers";

const element = <T extends HTMLElement>(id: string): T => document.querySelector<T>(`#${id}`)!;
const text = element("text");
const state = element("state");

element("write").addEventListener("click", () => {
  write().catch((error: unknown) => {
    // What the user can mend has a sentence; anything else is ours.
    state.textContent = isExpectedError(error) ? error.message : "Something broke; see the console";
    if (!isExpectedError(error)) console.error(error);
  });
});

async function write(): Promise<void> {
  const chosen = [...(element<HTMLInputElement>("files").files ?? [])];
  const files = Object.fromEntries(chosen.map((file) => [file.name, file]));
  state.textContent = "loading";
  // WebGPU pays for models of some hundred million parameters: ask with ?gpu in the address.
  const wantsGpu = new URL(location.href).searchParams.has("gpu");
  const runtime = await (wantsGpu ? webGpuRuntime() : wasmRuntime());
  const model = await loadModel(files, { runtime }); // or a URL: loadModel("https://…/folder")
  const json = await files["tokenizer.json"]?.arrayBuffer();
  const tokenizer = await Tokenizer.load(json ? { "tokenizer.json": new Uint8Array(json) } : {});

  const prompt = element<HTMLInputElement>("prompt").value;
  text.textContent = prompt;
  const options = { tokenizer, maxNewTokens: 40, temperature: 0 };
  for await (const token of model.generate(tokenizer.encode(prompt), options)) {
    text.append(token.text);
    // WASM computes on the page's own thread: let it draw. A worker would leave the page free.
    await new Promise((resolve) => setTimeout(resolve));
  }
  await model.release();
  const threads = crossOriginIsolated ? navigator.hardwareConcurrency : 1;
  state.textContent = `ran on ${runtime.name}; this page may use ${threads} threads`;
}
