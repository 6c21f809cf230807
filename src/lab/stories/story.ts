import { ConfigError, random } from "orrery-lm/base";
import { arcs, openings } from "./arcs.ts";
import { classes } from "./classes.ts";
import { scenes } from "./scenes.ts";
import { inventories, meetings, sentences } from "./sentences.ts";
import { fillTemplate, pick, type Choose } from "./template.ts";
import { drawWorld } from "./world.ts";

/** Between two stories: one blank line. Within a story, paragraphs end with one line break. */
export const storySeparator = "\n\n";

/**
 * Small English stories, made from our own words: text to train on that needs no download.
 * People, places, things, numbers and a saying return through each story, so that the loss falls
 * with the length of the context; names are composed, so that they must be read and not recalled.
 *
 * Gives the same text for the same seed, ends at the end of a story, and a longer text begins with
 * the shorter ones.
 *
 * @param characters the least length of the text, in UTF-16 units
 * @throws {ConfigError} if `characters` is not a whole number of at least 1.
 */
export function generateStories(seed: number, characters: number): string {
  if (!Number.isSafeInteger(characters) || characters < 1) {
    throw new ConfigError(
      `generateStories: characters must be a whole number of at least 1, got ${characters}`,
    );
  }
  const stories: string[] = [];
  let length = -storySeparator.length;
  while (length < characters) {
    const story = generateStory(seed, stories.length);
    stories.push(story);
    length += storySeparator.length + story.length;
  }
  return stories.join(storySeparator);
}

/** The story of this number in the text of this seed: 150 to 700 words in some paragraphs. */
export function generateStory(seed: number, index: number): string {
  const generator = random(seed, "stories", index);
  const choose: Choose = (n) => generator.integer(n);
  const world = drawWorld(choose);
  const fill = (template: string): string => fillTemplate(template, world, classes, choose);
  const tell = (tellings: readonly string[]): string => fill(pick(tellings, choose));

  const arc = pick(arcs, choose);
  const ending = [tell(arc.climax), tell(arc.closing)];
  const paragraphs = [tell(openings), tell(arc.problem)];
  const wanted = shortest + choose(longest - shortest);
  const unseen = [...scenes];
  let words = lengthInWords([...paragraphs, ...ending]);
  let met = 0;
  while (words < wanted && unseen.length > 0) {
    const isMeeting = met < 3 && choose(3) === 0;
    if (isMeeting) met++;
    const scene = isMeeting
      ? fill(pick(meetings, choose).replaceAll("met~", `met${met}`).replaceAll("Met~", `Met${met}`))
      : tell(unseen.splice(choose(unseen.length), 1)[0]!);
    const before = Array.from({ length: choose(4) }, () => tell(sentences));
    const after = Array.from({ length: choose(4) }, () => tell(sentences));
    const paragraph = [...before, scene, ...after].join(" ");
    paragraphs.push(paragraph);
    words += lengthInWords([paragraph]);
  }
  if (met > 0) ending.push(tell(inventories[met]!));
  return [...paragraphs, ...ending].join("\n");
}

// Words, with the ending, at which the middle of a story may stop; its last paragraph goes further.
const shortest = 170;
const longest = 520;

function lengthInWords(paragraphs: readonly string[]): number {
  return paragraphs.join(" ").split(" ").length;
}
