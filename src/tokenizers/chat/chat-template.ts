import { ConfigError } from "orrery-lm/base";
import type { Template } from "@huggingface/jinja";

/** One turn of a chat. Templates decide which other members they read. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly [member: string]: unknown;
}

/** What a template is given besides the messages. */
export type ChatVariables = Readonly<Record<string, unknown>>;

/** A rendered chat: the text, and which stretches of it the assistant wrote, in UTF-16 units. */
export interface RenderedChat {
  readonly text: string;
  /** Undefined if the template has no `{% generation %}`. */
  readonly assistantSpans: readonly Span[] | undefined;
  /** What came from the messages and must not become special tokens. */
  readonly plainSpans: readonly Span[];
}

/** `[start, end)` in UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** A Jinja template for chats, as `tokenizer_config.json` has it. */
export class ChatTemplate {
  readonly #template: Template;
  readonly #marks: Marks;
  readonly #hasGeneration: boolean;

  private constructor(template: Template, marks: Marks, hasGeneration: boolean) {
    this.#template = template;
    this.#marks = marks;
    this.#hasGeneration = hasGeneration;
  }

  /**
   * Compiles a template for one chat. `{% generation %}` becomes a mark in the output, so that one
   * can see what the assistant wrote.
   * @param said all texts of the chat, none of which has the marks in it
   * @throws {ConfigError} if it is not Jinja that @huggingface/jinja understands.
   */
  static async compile(source: string, said: string): Promise<ChatTemplate> {
    const jinja = await import("@huggingface/jinja");
    const marks = chooseMarks(source + said);
    const marked = source.replaceAll(
      /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g,
      (_, left: string, end: string | undefined, right: string) =>
        `{%${left} if true %}{{ "${end ? marks.close : marks.open}" }}{% endif ${right}%}`,
    );
    try {
      return new ChatTemplate(new jinja.Template(marked), marks, marked !== source);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`the chat template is not valid Jinja: ${reason}`, { cause });
    }
  }

  /**
   * Renders a chat.
   * @param said what people say: messages, documents
   * @param known what the tokenizer says: its special tokens
   * @param isolate puts marks around what must stay plain text in what people say
   * @throws {ConfigError} if the template refuses the messages.
   */
  render(
    said: ChatVariables,
    known: ChatVariables,
    isolate: (text: string, mark: (plain: string) => string) => string,
  ): RenderedChat {
    const { plainOpen, plainClose } = this.#marks;
    const isolated = mapTexts(said, (text) =>
      isolate(text, (plain) => `${plainOpen}${plain}${plainClose}`),
    );
    let marked: string;
    try {
      marked = this.#template.render({ ...known, ...(isolated as ChatVariables) });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`the chat template refuses these messages: ${reason}`, { cause });
    }
    const { text, generated, plain } = readMarks(marked, this.#marks);
    return {
      text,
      assistantSpans: this.#hasGeneration ? generated : undefined,
      plainSpans: plain,
    };
  }
}

/** Characters that stand for nothing else here. */
interface Marks {
  readonly open: string;
  readonly close: string;
  readonly plainOpen: string;
  readonly plainClose: string;
}

/** Four noncharacters, U+FDD0 … U+FDEF, that do not occur. @throws {ConfigError} if all occur. */
function chooseMarks(text: string): Marks {
  const free = Array.from({ length: 32 }, (_, i) => String.fromCharCode(0xfdd0 + i)).filter(
    (mark) => !text.includes(mark),
  );
  const [open, close, plainOpen, plainClose] = free;
  if (!open || !close || !plainOpen || !plainClose) {
    throw new ConfigError("the chat uses all of the noncharacters U+FDD0 to U+FDEF");
  }
  return { open, close, plainOpen, plainClose };
}

/** Takes the marks out of a text and says where they stood. */
function readMarks(
  marked: string,
  { open, close, plainOpen, plainClose }: Marks,
): { text: string; generated: Span[]; plain: Span[] } {
  const parts = marked.split(new RegExp(`([${open}${close}${plainOpen}${plainClose}])`));
  const generated: Span[] = [];
  const plain: Span[] = [];
  const text: string[] = [];
  let length = 0;
  let generatedFrom = 0;
  let plainFrom = 0;
  for (const part of parts) {
    if (part === open) generatedFrom = length;
    else if (part === close) generated.push([generatedFrom, length]);
    else if (part === plainOpen) plainFrom = length;
    else if (part === plainClose) plain.push([plainFrom, length]);
    else {
      text.push(part);
      length += part.length;
    }
  }
  return { text: text.join(""), generated, plain };
}

/** Applies a function to all texts in messages, but not to the names of their members or roles. */
function mapTexts(value: unknown, map: (text: string) => string, key = ""): unknown {
  if (typeof value === "string") return key === "role" || key === "type" ? value : map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map, key));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapTexts(item, map, name)]),
  );
}
