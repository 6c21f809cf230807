import { FormatError, decodeUtf8 } from "orrery-lm/base";
import { JsonValue } from "./json-value.ts";

/** What lies beside a `tokenizer.json` in a Hugging Face folder, as far as it concerns chats. */
export interface TokenizerConfigJson {
  /** Jinja templates by name; the usual one is "default". */
  readonly chatTemplates: ReadonlyMap<string, string>;
  /** Tokens by role: "bos_token" → "<s>". */
  readonly specialTokens: ReadonlyMap<string, string>;
}

const CONFIG = "tokenizer_config.json";
const SPECIAL = "special_tokens_map.json";
const TEMPLATE = "chat_template.jinja";
const MORE_TEMPLATES = /^additional_chat_templates\/(.+)\.jinja$/s;

/** The files that {@link readTokenizerConfig} reads if they are there. */
export const TOKENIZER_CONFIG_FILES: readonly string[] = [
  CONFIG,
  SPECIAL,
  TEMPLATE,
  "chat_template.json",
];

/**
 * Reads `tokenizer_config.json`, `special_tokens_map.json`, and the templates that newer folders keep
 * in files of their own, which go first: `chat_template.jinja`, `additional_chat_templates/*.jinja`,
 * `chat_template.json`. Files that are not there say nothing.
 *
 * @throws {FormatError} if a file is not JSON, a template or a token is not a text, or the name of a
 * template could not be that of a file.
 * @see https://huggingface.co/docs/transformers/chat_templating_writing
 */
export function readTokenizerConfig(
  files: Readonly<Record<string, Uint8Array>>,
): TokenizerConfigJson {
  const chatTemplates = new Map<string, string>();
  const specialTokens = new Map<string, string>();
  if (files[SPECIAL] !== undefined) {
    readSpecialTokens(JsonValue.parse(SPECIAL, files[SPECIAL]), specialTokens);
  }
  if (files[CONFIG] !== undefined) {
    const config = JsonValue.parse(CONFIG, files[CONFIG]);
    readSpecialTokens(config, specialTokens);
    readTemplates(config.field("chat_template"), chatTemplates);
  }
  const json = files["chat_template.json"];
  if (json !== undefined) {
    readTemplates(
      JsonValue.parse("chat_template.json", json).field("chat_template"),
      chatTemplates,
    );
  }
  for (const [name, bytes] of Object.entries(files)) {
    const template = name === TEMPLATE ? "default" : MORE_TEMPLATES.exec(name)?.[1];
    if (template === undefined) continue;
    if (!isFileName(template)) {
      throw new FormatError(name, `expected ${NAME}, got ${JSON.stringify(template)}`);
    }
    chatTemplates.set(template, decodeUtf8(bytes, { name }));
  }
  return { chatTemplates, specialTokens };
}

/** The files that {@link readTokenizerConfig} reads the same from, where there is something to say. */
export function writeTokenizerConfig(config: TokenizerConfigJson): Record<string, Uint8Array> {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const files: Record<string, Uint8Array> = {};
  if (config.specialTokens.size > 0) {
    const object = Object.fromEntries(config.specialTokens);
    files[CONFIG] = encode(`${JSON.stringify(object, null, 2)}\n`);
  }
  for (const [name, template] of config.chatTemplates) {
    const file = name === "default" ? TEMPLATE : `additional_chat_templates/${name}.jinja`;
    files[file] = encode(template);
  }
  return files;
}

/** One template, or a list of named ones. */
function readTemplates(value: JsonValue, templates: Map<string, string>): void {
  if (value.isNull) return;
  if (!Array.isArray(value.value)) {
    templates.set("default", value.string());
    return;
  }
  for (const item of value.items()) {
    const name = item.field("name");
    if (!isFileName(name.string())) name.fail(NAME);
    templates.set(name.string(), item.field("template").string());
  }
}

const NAME = 'the name of a template, of letters, digits, "_", "-" and "."';

/** Templates are saved as files of their names: one such as "../x" would leave the folder. */
function isFileName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && name !== "." && name !== "..";
}

/** Members such as `bos_token`, a text or an added token. */
function readSpecialTokens(file: JsonValue, tokens: Map<string, string>): void {
  for (const [name, value] of Object.entries(file.object())) {
    if (!name.endsWith("_token") || value === null || typeof value === "boolean") continue;
    const field = file.field(name);
    tokens.set(name, typeof value === "string" ? value : field.field("content").string());
  }
}
