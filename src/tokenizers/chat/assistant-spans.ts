import { ConfigError } from "orrery-lm/base";
import type { ChatMessage, Span } from "./chat-template.ts";

/**
 * Which stretches of a chat the assistant wrote, found by rendering the chat turn by turn: what comes
 * after the prompt for a turn, up to the end of the turn with its end token.
 *
 * @param render the text of a part of the chat
 * @throws {ConfigError} if an earlier turn looks different once later ones are there.
 */
export function assistantSpans(
  messages: readonly ChatMessage[],
  render: (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string,
): Span[] {
  const whole = render(messages, false);
  const spans: Span[] = [];
  for (const [i, { role }] of messages.entries()) {
    if (role !== "assistant") continue;
    const before = render(messages.slice(0, i), true);
    const after = render(messages.slice(0, i + 1), false);
    if (!after.startsWith(before) || !whole.startsWith(after)) {
      throw new ConfigError(
        `messages[${i}]: this chat template writes earlier turns in another way when later ones ` +
          "follow, so that nothing shows which tokens are the assistant's; put {% generation %} " +
          "and {% endgeneration %} around them in the template",
      );
    }
    spans.push([before.length, after.length]);
  }
  return spans;
}
