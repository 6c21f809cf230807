/** Which questions a model's parts are an example of. */

import type { PartDescription } from "orrery-lm/nn";

/** Questions by the name of a part. */
const byName: Readonly<Record<string, readonly string[]>> = {
  "learned positions": ["10.1.2"],
  "sinusoidal positions": ["10.1.2"],
  Shaw: ["10.1.3"],
  "Transformer-XL": ["10.1.3"],
  "T5 buckets": ["10.1.3"],
  "Disentangled attention": ["10.1.3"],
  RoPE: ["10.2.1", "10.2.2", "10.2.3", "10.2.4"],
  xPos: ["10.3.2"],
  ALiBi: ["10.4.1", "10.4.2", "10.4.3", "10.4.4"],
  MLP: ["12.1.1", "12.1.7"],
  "gated MLP": ["12.1.4", "12.1.7"],
  LayerNorm: ["13.1.1", "13.4.1"],
  RMSNorm: ["13.1.2", "13.1.3", "13.4.1"],
  DeepNorm: ["13.2.1", "13.2.2", "13.2.3"],
  "DeepNorm as in GLM": ["13.2.1"],
  "pre-norm": ["13.3.1"],
  "post-norm": ["13.3.1"],
  "sandwich norm": ["13.3.1"],
  "branch norm": ["13.3.1"],
};

/** The questions, in order. */
export function questionsOf(part: PartDescription): string[] {
  const found = new Set<string>();
  collect(part, found);
  return [...found].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

function collect({ name, options, parts }: PartDescription, found: Set<string>): void {
  for (const question of byName[name] ?? []) found.add(question);
  const activation = String(options["activation"] ?? "");
  const isGated = name === "gated MLP";
  if (activation.includes("gelu")) found.add("12.1.2").add(isGated ? "12.1.5" : "12.1.2");
  if (activation === "silu" || activation === "swish")
    found.add("12.1.3").add(isGated ? "12.1.6" : "12.1.3");
  if (name === "RoPE" && options["scaling"] !== "none") found.add("10.3.1").add("10.3.2");
  for (const inner of Object.values(parts)) collect(inner, found);
}
