/** Activations under the names that config.json's `hidden_act` uses. */

import { ConfigError } from "orrery-lm/base";
import { gelu, relu, silu, type Value } from "orrery-lm/tensor";

/** `gelu` is the exact form, `gelu_new` the one by tanh, as in Hugging Face's table. */
export type Activation = "gelu" | "gelu_new" | "gelu_pytorch_tanh" | "relu" | "silu" | "swish";

/** Every activation's name. */
export const activationNames: readonly Activation[] = [
  "gelu",
  "gelu_new",
  "gelu_pytorch_tanh",
  "relu",
  "silu",
  "swish",
];

/** Applies the activation called `name`, element by element. */
export function activate(name: Activation, x: Value): Value {
  switch (name) {
    case "gelu":
      return gelu(x, "none");
    case "gelu_new":
    case "gelu_pytorch_tanh":
      return gelu(x, "tanh");
    case "relu":
      return relu(x);
    case "silu":
    case "swish":
      return silu(x);
    default:
      throw new ConfigError(
        `activation: expected ${activationNames.join(", ")}, got ${String(name satisfies never)}`,
      );
  }
}
