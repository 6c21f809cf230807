import { ConfigError } from "orrery-lm/base";
import type { TokenizerConfigJson } from "orrery-lm/formats";
import { type SpecialTokens, checkSpecialTokens } from "../added-tokens/added-tokens.ts";
import type { Encoding } from "../encodings/encoding.ts";
import { SpecialTokenError } from "../special-token-error.ts";
import { assistantSpans } from "./assistant-spans.ts";
import {
  type ChatMessage,
  ChatTemplate,
  type ChatVariables,
  type RenderedChat,
  type Span,
  textsIn,
} from "./chat-template.ts";
import { SpecialStarts } from "./special-starts.ts";

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
  /** What special tokens in what people say mean; those of the template are tokens. @default "text" */
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
  readonly specialTokens: readonly string[];
  /** The first special token in a text, if there is one. */
  readonly findSpecial: (text: string) => { token: string; offset: number } | undefined;
  /** Encodes with special tokens, but for those that start at plain places; offsets in UTF-16. */
  readonly encode: (text: string, plainStarts: ReadonlySet<number> | undefined) => Encoding;
}

/**
 * Renders messages with a chat template and encodes them.
 * @throws {ConfigError} if there is no such template, it is not valid, or it refuses the messages.
 * @throws {SpecialTokenError} if `specialTokens` is "refuse" and somebody says one.
 */
export async function applyChatTemplate(
  tokenizer: ChatTokenizer,
  messages: readonly ChatMessage[],
  options: ChatTemplateOptions,
): Promise<EncodedChat> {
  const { addGenerationPrompt = false, specialTokens = "text", tools, documents } = options;
  checkSpecialTokens(specialTokens);
  const given = { tools: tools ?? null, documents: documents ?? null, ...options.variables };
  const source = findTemplate(tokenizer.config, options.template ?? "default");
  if (specialTokens === "refuse") refuseSpecial([messages, given], tokenizer.findSpecial);
  const template = await ChatTemplate.compile(source, [messages, given]);
  const starts = new SpecialStarts(specialTokens === "match" ? [] : tokenizer.specialTokens);
  const render = (some: readonly ChatMessage[], withPrompt: boolean): RenderedChat =>
    template.render(
      { ...given, messages: some, add_generation_prompt: withPrompt },
      Object.fromEntries(tokenizer.config.specialTokens),
      (text, mark) => starts.mark(text, mark),
    );
  const { text, saidStarts, assistantSpans: marked } = render(messages, addGenerationPrompt);
  const { ids, offsets } = tokenizer.encode(
    text,
    specialTokens === "match" ? undefined : saidStarts,
  );
  if (options.assistantMask !== true) return { text, ids };
  const spans = marked ?? assistantSpans(messages, (some, prompt) => render(some, prompt).text);
  return { text, ids, assistantMask: maskOf(offsets, spans) };
}

/** 1 for each token that shares a character with a span. Both are in the order of the text. */
function maskOf(offsets: readonly Span[], spans: readonly Span[]): Uint8Array {
  let next = 0;
  return Uint8Array.from(offsets, ([start, end]) => {
    while (next < spans.length && spans[next]![1] <= start) next++;
    return next < spans.length && end > spans[next]![0] ? 1 : 0;
  });
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

/** @throws {SpecialTokenError} if a text somewhere in the value has a special token. */
function refuseSpecial(value: unknown, findSpecial: ChatTokenizer["findSpecial"]): void {
  for (const text of textsIn(value)) {
    const found = findSpecial(text);
    if (found !== undefined) throw new SpecialTokenError(found.token, found.offset);
  }
}
