import { defaultClientConditions, defineConfig } from "vite";

/** Without these a page gets one thread: only an isolated page may share memory among several. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  server: { headers },
  preview: { headers },
  // onnxruntime finds its WASM file beside its own module, where it must stay.
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  // Only here, inside the repository: the sources in place of the build.
  resolve: { conditions: ["orrery:source", ...defaultClientConditions] },
});
