/** Parts that say what they are, for people who look at a model and not into its code. */

/** A choice that a part was made with. */
export type DescribedValue = string | number | boolean;

/** A part as plain data. */
export interface PartDescription {
  /** What the field calls it, such as `RMSNorm`. */
  readonly name: string;
  /** What it computes, in a line. */
  readonly formula?: string | undefined;
  /** Its choices, under their names. */
  readonly options: Readonly<Record<string, DescribedValue>>;
  /** Parts inside, under the prefixes of their parameters where they have any. */
  readonly parts: Readonly<Record<string, PartDescription>>;
}

/** Whatever can say what it is. */
export interface Described {
  describe?(): PartDescription;
}

/**
 * Describes a part by the options that it was made with: numbers, names and choices become
 * `options`, what can describe itself becomes `parts`, and groups of options are written flat, as
 * `queryKeyNorm.over`. Standard deviations of initial weights say nothing of what is computed and
 * are left out, as is what has no name.
 */
export function describePart(name: string, from: object, formula?: string): PartDescription {
  const options: Record<string, DescribedValue> = {};
  const parts: Record<string, PartDescription> = {};
  for (const [key, value] of Object.entries(from) as [string, unknown][]) {
    if (isChoice(value)) {
      if (!isInitial(key)) options[key] = value;
    } else if (isDescribed(value)) {
      parts[key] = value.describe();
    } else if (isGroup(value)) {
      const inner = describePart(key, value);
      for (const [k, v] of Object.entries(inner.options)) options[`${key}.${k}`] = v;
      for (const [k, v] of Object.entries(inner.parts)) parts[`${key}.${k}`] = v;
    }
  }
  return { name, ...(formula !== undefined && { formula }), options, parts };
}

function isChoice(value: unknown): value is DescribedValue {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isInitial(key: string): boolean {
  return key === "std" || key === "outputStd";
}

function isDescribed(value: unknown): value is Required<Described> {
  return typeof value === "object" && value !== null && "describe" in value;
}

/** Options in an object of their own; no part, array or table. */
function isGroup(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !("parameters" in value)
  );
}
