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

/** A rendered chat. Places are in UTF-16 units. */
export interface RenderedChat {
  readonly text: string;
  /** What the assistant wrote; undefined if the template has no `{% generation %}`. */
  readonly assistantSpans: readonly Span[] | undefined;
  /** Where what people said could start a special token. */
  readonly saidStarts: ReadonlySet<number>;
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
   * @param said all that people say, none of which has the marks in it
   * @throws {ConfigError} if it is not Jinja that @huggingface/jinja understands.
   */
  static async compile(source: string, said: unknown): Promise<ChatTemplate> {
    const jinja = await import("@huggingface/jinja");
    const marks = chooseMarks([source, ...textsIn(said)].join("\n"));
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
   * @param markStarts puts a mark behind each character that could start a special token; a template
   * that counts or cuts characters counts the mark too
   * @throws {ConfigError} if the template refuses the messages.
   */
  render(
    said: ChatVariables,
    known: ChatVariables,
    markStarts: (text: string, mark: string) => string,
  ): RenderedChat {
    const marked = mapTexts(said, (text) => markStarts(text, this.#marks.said)) as ChatVariables;
    let rendered: string;
    try {
      rendered = this.#template.render({ ...known, ...marked });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`the chat template refuses these messages: ${reason}`, { cause });
    }
    const { text, generated, saidStarts } = readMarks(rendered, this.#marks);
    return { text, assistantSpans: this.#hasGeneration ? generated : undefined, saidStarts };
  }
}

/** Texts that stand for nothing else here. */
interface Marks {
  readonly open: string;
  readonly close: string;
  /** Behind a character that people said. */
  readonly said: string;
}

const NONCHARACTERS: readonly string[] = Array.from({ length: 32 }, (_, i) =>
  String.fromCharCode(0xfdd0 + i),
);

/** Noncharacters, U+FDD0 … U+FDEF, that do not occur; rows of them if all do. */
function chooseMarks(text: string): Marks {
  let row = "";
  for (;;) {
    const free = NONCHARACTERS.map((mark) => row + mark).filter((mark) => !text.includes(mark));
    const [open, close, said] = free;
    if (open !== undefined && close !== undefined && said !== undefined) {
      return { open, close, said };
    }
    row += NONCHARACTERS[0]!;
  }
}

/** Takes the marks out of a text and says where they stood. */
function readMarks(
  marked: string,
  { open, close, said }: Marks,
): { text: string; generated: Span[]; saidStarts: Set<number> } {
  const generated: Span[] = [];
  const saidStarts = new Set<number>();
  const parts: string[] = [];
  let length = 0;
  let generatedFrom = 0;
  for (const part of marked.split(new RegExp(`(${open}|${close}|${said})`))) {
    if (part === open) generatedFrom = length;
    else if (part === close) generated.push([generatedFrom, length]);
    else if (part === said) saidStarts.add(length - lastWidth(parts.at(-1) ?? ""));
    else {
      parts.push(part);
      length += part.length;
    }
  }
  return { text: parts.join(""), generated, saidStarts };
}

/** The length of the last character. */
function lastWidth(text: string): number {
  return text.length > 1 && text.codePointAt(text.length - 2)! > 0xffff ? 2 : 1;
}

/** Applies a function to all texts, the names of members too. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [map(name), mapTexts(item, map)]),
  );
}

/**
 * All texts in a value, the names of members too.
 * @yields them one by one
 */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (!Array.isArray(value)) yield name;
    yield* textsIn(item);
  }
}
