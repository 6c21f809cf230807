/** What chats need, which is fetched when one is encoded. */
export { applyChatTemplate } from "./apply-chat-template.ts";
export { chatTokenizerOf } from "./chat-tokenizer.ts";
