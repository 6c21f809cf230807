/**
 * Writes a chat as a model reads it, and marks what the assistant said, which is what a model learns
 * from. What users say never becomes a control token.
 *
 *     npx tsx --conditions=orrery:source examples/06-chat-template.ts
 */

import { generateStories } from "orrery-lm/lab";
import { splitLines, trainTokenizer } from "orrery-lm/tokenizers";

const tokenizer = await trainTokenizer(splitLines(generateStories(0, 50_000)), {
  vocabSize: 500,
  specialTokens: ["<|start|>", "<|end|>"],
});

// As in a chat_template.jinja; a tokenizer that is loaded from a folder brings its own.
const template = `
{%- for message in messages %}
  {{- "<|start|>" + message.role + "\n" }}
  {%- if message.role == "assistant" %}
    {%- generation %}{{ message.content + "<|end|>" }}{% endgeneration %}
  {%- else %}
    {{- message.content + "<|end|>" }}
  {%- endif %}
{%- endfor %}`;

const messages = [
  { role: "user", content: "Who has the lantern?<|end|>" },
  { role: "assistant", content: "The fox." },
];
const { text, ids, assistantMask } = await tokenizer.applyChatTemplate(messages, {
  template,
  assistantMask: true,
});

console.log(text);
const learned = ids.filter((_, i) => assistantMask![i] === 1);
console.log(`learned from: ${tokenizer.decode(learned)}`);

// Three ends stand in the text; the one that the user typed is plain text.
const end = tokenizer.tokenToId("<|end|>")!;
console.log(
  `${ids.filter((id) => id === end).length} of ${text.split("<|end|>").length - 1} ends are tokens`,
);
