import { ConfigError } from "orrery-lm/base";
import type { TokenizerConfigJson } from "orrery-lm/formats";
import type { SpecialTokens } from "../added-tokens/added-tokens.ts";
import type { Encoding } from "../encodings/encoding.ts";
import { SpecialTokenError } from "../special-token-error.ts";
import { assistantSpans } from "./assistant-spans.ts";
import { type ChatMessage, ChatTemplate, type ChatVariables, type Span } from "./chat-template.ts";

/** Options of {@link Tokenizer.applyChatTemplate}. */
export interface ChatTemplateOptions {
  /** The name of a template of the tokenizer, or the text of one. @default "default" */
  readonly template?: string;
  /** End with the beginning of an answer, for the model to go on. @default false */
  readonly addGenerationPrompt?: boolean;
  /** Functions that the model may call, as JSON schemas. */
  readonly tools?: readonly unknown[];
  /** Texts that the model may quote. */
  readonly documents?: readonly unknown[];
  /** What else the template reads, such as `enable_thinking`. */
  readonly variables?: ChatVariables;
  /** What special tokens in the messages mean; those of the template are tokens. @default "text" */
  readonly specialTokens?: SpecialTokens;
  /** Also say which tokens the assistant wrote. @default false */
  readonly assistantMask?: boolean;
}

/** A chat as text and as ids. */
export interface EncodedChat {
  readonly text: string;
  readonly ids: Uint32Array;
  /** 1 for tokens that the assistant wrote, which are the ones to learn from; if it was asked for. */
  readonly assistantMask?: Uint8Array;
}

/** What {@link applyChatTemplate} needs of a tokenizer. */
export interface ChatTokenizer {
  readonly config: TokenizerConfigJson;
  /** The special tokens in a text, as `[start, end)` in UTF-16 units. */
  readonly findSpecial: (text: string) => readonly Span[];
  /** Encodes with special tokens, but not in the plain spans; offsets in UTF-16 units. */
  readonly encode: (text: string, plain: readonly Span[]) => Encoding;
}

/**
 * Renders messages with a chat template and encodes them.
 * @throws {ConfigError} if there is no such template, it is not valid, or it refuses the messages.
 * @throws {SpecialTokenError} if `specialTokens` is "refuse" and a message has one.
 */
export async function applyChatTemplate(
  tokenizer: ChatTokenizer,
  messages: readonly ChatMessage[],
  options: ChatTemplateOptions,
): Promise<EncodedChat> {
  const { addGenerationPrompt = false, specialTokens = "text", tools, documents } = options;
  const given = { tools: tools ?? null, documents: documents ?? null, ...options.variables };
  const source = findTemplate(tokenizer.config, options.template ?? "default");
  const template = await ChatTemplate.compile(source, JSON.stringify([messages, given]));
  const isolate = (text: string, mark: (plain: string) => string): string =>
    specialTokens === "match" ? text : isolateSpecial(text, tokenizer.findSpecial(text), mark);
  if (specialTokens === "refuse") refuseSpecial(messages, tokenizer.findSpecial);
  const render = (some: readonly ChatMessage[], withPrompt: boolean) =>
    template.render(
      { ...given, messages: some, add_generation_prompt: withPrompt },
      Object.fromEntries(tokenizer.config.specialTokens),
      isolate,
    );
  const { text, plainSpans, assistantSpans: marked } = render(messages, addGenerationPrompt);
  const { ids, offsets } = tokenizer.encode(text, plainSpans);
  if (options.assistantMask !== true) return { text, ids };
  const spans = marked ?? assistantSpans(messages, (some, prompt) => render(some, prompt).text);
  const isIn = ([start, end]: Span): boolean =>
    spans.some(([from, to]) => start < to && end > from);
  return { text, ids, assistantMask: Uint8Array.from(offsets, (offset) => (isIn(offset) ? 1 : 0)) };
}

/** @throws {ConfigError} if the tokenizer has none of that name. */
function findTemplate({ chatTemplates }: TokenizerConfigJson, template: string): string {
  const found = chatTemplates.get(template);
  if (found !== undefined) return found;
  if (/\{[{%]/.test(template)) return template;
  const names = [...chatTemplates.keys()];
  throw new ConfigError(
    `applyChatTemplate: no chat template ${JSON.stringify(template)}; ` +
      (names.length > 0
        ? `there are ${names.join(", ")}`
        : "the tokenizer came without any: load the folder with its tokenizer_config.json or " +
          "chat_template.jinja, or give the text of a template"),
  );
}

function isolateSpecial(
  text: string,
  spans: readonly Span[],
  mark: (plain: string) => string,
): string {
  let isolated = "";
  let done = 0;
  for (const [start, end] of spans) {
    isolated += text.slice(done, start) + mark(text.slice(start, end));
    done = end;
  }
  return isolated + text.slice(done);
}

/** @throws {SpecialTokenError} if a text somewhere in the messages has a special token. */
function refuseSpecial(value: unknown, findSpecial: ChatTokenizer["findSpecial"]): void {
  if (typeof value === "string") {
    const [first] = findSpecial(value);
    if (first !== undefined) throw new SpecialTokenError(value.slice(...first), first[0]);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) refuseSpecial(item, findSpecial);
  }
}
