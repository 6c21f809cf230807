/** What several kinds of components have in common. */
import type { JsonValue } from "../json-value.ts";
import type { PatternJson } from "./normalizers.ts";
import type { ByteLevelJson, MetaspaceJson } from "./pre-tokenizers.ts";

// `tokenizers` refuses what is nested deeper (serde_json allows 128 levels of JSON).
const MAX_DEPTH = 62;
// Each may look at the whole text; published files have a few dozen at most.
const MAX_STEPS = 256;

/** The components in a `Sequence`, which stands inside `depth` others. */
export function readSequence<T>(
  list: JsonValue,
  depth: number,
  read: (component: JsonValue, depth: number) => T,
): readonly T[] {
  if (depth >= MAX_DEPTH) list.fail(`at most ${MAX_DEPTH} Sequences in one another`);
  const components = list.items();
  if (components.length > MAX_STEPS) list.fail(`at most ${MAX_STEPS} steps`);
  return components.map((component) => read(component, depth + 1));
}

/** The name in the member `type`. */
export function readType(component: JsonValue): string {
  return component.field("type").string();
}

/** Refuses a component whose `type` is none of the known. */
export function refuseType(component: JsonValue, kind: string): never {
  return component.field("type").fail(`the name of a ${kind} that tokenizers 0.23 has`);
}

export function readPattern(pattern: JsonValue): PatternJson {
  const string = pattern.field("String");
  const regex = pattern.field("Regex");
  if (string.value !== undefined && regex.value === undefined) return { string: string.string() };
  if (regex.value !== undefined && string.value === undefined) return { regex: regex.string() };
  return pattern.fail(`{"String": …} or {"Regex": …}`);
}

export function readByteLevel(component: JsonValue): ByteLevelJson {
  return {
    type: "ByteLevel",
    addPrefixSpace: component.field("add_prefix_space").boolean(),
    trimOffsets: component.field("trim_offsets").boolean(),
    useRegex: component.field("use_regex").boolean(true),
  };
}

/**
 * Reads a Metaspace. Files from before 2023 have `add_prefix_space` in place of `prepend_scheme`;
 * false there is refused unless `prepend_scheme` says "never", as `tokenizers` does.
 */
export function readMetaspace(component: JsonValue): MetaspaceJson {
  const scheme = component.field("prepend_scheme");
  const prependScheme =
    scheme.value === undefined ? "always" : scheme.oneOf(["first", "never", "always"]);
  const addPrefixSpace = component.field("add_prefix_space");
  if (!addPrefixSpace.isNull && !addPrefixSpace.boolean() && prependScheme !== "never") {
    addPrefixSpace.fail(`true, or "prepend_scheme": "never" beside it`);
  }
  const split = component.field("split");
  return {
    type: "Metaspace",
    replacement: component.field("replacement").character(),
    prependScheme,
    split: split.isNull || split.boolean(),
  };
}
