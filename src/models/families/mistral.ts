import type { ConfigReader } from "orrery-lm/formats";
import type { Architecture } from "../assembly/architecture.ts";
import { llamaLike } from "../assembly/llama-like.ts";
import { llamaTensors } from "./llama.ts";

/**
 * Mistral: Llama whose tokens see only a window; a file without the key means 4096 tokens, one that
 * says null means no window.
 *
 * @see Jiang et al. 2023, https://arxiv.org/abs/2310.06825
 */
export function mistral(config: ConfigReader): Architecture {
  return llamaLike(config, {
    tensors: llamaTensors,
    attention: { window: config.nullable("sliding_window", 4096) },
  });
}
