/**
 * Types of models that transformers.js 4 does not know, and one that it knows for each: it asks the
 * type only where the config says how many layers keep keys and values, and which class to take.
 */
export const standIns: Readonly<Record<string, string>> = {
  baichuan: "llama",
  deepseek_v2: "llama",
  glm4: "llama",
  granitemoe: "llama",
  mixtral: "llama",
  nemotron: "llama",
  olmoe: "llama",
  "openai-gpt": "gpt2",
  orrery: "llama",
  pegasus: "bart",
  persimmon: "llama",
  xglm: "gpt_neo",
  xlnet: "bert",
};
