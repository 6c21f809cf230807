import { ConfigError } from "orrery-lm/base";

/** Chooses: a whole number in [0, n). */
export type Choose = (n: number) => number;

/** What a story never changes: its people, places and things, by slot name. */
export type World = Readonly<Record<string, string>>;

/** Word lists for details that are drawn anew each time. */
export type WordClasses = Readonly<Record<string, readonly string[]>>;

/**
 * Fills a story template.
 *
 *     [wood|stone]      one of the alternatives, which may hold slots themselves
 *     {hero}  {Hero}    a word of the world; a capital in the slot gives a capital
 *     {a thing}         the same with its article, "a" or "an"
 *     {~tree}  {~Tree}  a word of the class "tree", drawn anew
 *
 * "A" or "an" goes by the first letter: words such as "hour" or "uniform" need other words.
 *
 * @throws {ConfigError} if a slot or a class is not there.
 */
export function fillTemplate(
  template: string,
  world: World,
  classes: WordClasses,
  choose: Choose,
): string {
  return template.replaceAll(
    /\[([^\]]*)\]|\{([^}]*)\}/g,
    (_, alternatives: string | undefined, slot: string | undefined) =>
      alternatives === undefined
        ? fillSlot(slot ?? "", world, classes, choose)
        : fillTemplate(pick(alternatives.split("|"), choose), world, classes, choose),
  );
}

/** One of the items. The list must not be empty. */
export function pick<T>(items: readonly T[], choose: Choose): T {
  return items[choose(items.length)]!;
}

/** The text with its first letter as a capital. */
function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function fillSlot(slot: string, world: World, classes: WordClasses, choose: Choose): string {
  const hasArticle = /^[Aa] /.test(slot);
  const name = hasArticle ? slot.slice(2) : slot;
  const isCapital = /^~?[A-Z]/.test(slot);
  const isDrawn = name.startsWith("~");
  const bare = isDrawn ? name.slice(1) : name;
  const key = bare.charAt(0).toLowerCase() + bare.slice(1);
  const word = isDrawn ? drawWord(key, classes, choose) : world[key];
  if (word === undefined) throw new ConfigError(`fillTemplate: the world has no "${name}"`);
  const text = hasArticle ? `${/^[aeiou]/i.test(word) ? "an" : "a"} ${word}` : word;
  return isCapital ? capitalize(text) : text;
}

function drawWord(name: string, classes: WordClasses, choose: Choose): string {
  const words = classes[name];
  if (words === undefined) throw new ConfigError(`fillTemplate: there is no word class "${name}"`);
  return pick(words, choose);
}
