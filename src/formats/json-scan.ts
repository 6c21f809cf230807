/**
 * What JSON.parse forgets: keys that stand twice in one object, and which whole numbers were
 * written with a point.
 */

/** Facts about a JSON text beyond its values. */
export interface JsonFacts {
  /** The first key that its object has already, and where it stands, in UTF-16 units. */
  readonly duplicate?: { readonly key: string; readonly index: number };
  /** Paths of whole numbers written as floating-point numbers, such as `rope_scaling.factor`. */
  readonly floats: readonly string[];
}

interface Container {
  /** The keys so far; undefined for an array. */
  readonly keys: Set<string> | undefined;
  readonly path: string;
  /** The key or the index of the value that comes next. */
  next: string | number;
  expectsKey: boolean;
}

/** Scans a text that JSON.parse has accepted, once, without recursion. */
export function scanJson(text: string): JsonFacts {
  const floats: string[] = [];
  const stack: Container[] = [];
  let i = 0;
  while (i < text.length) {
    const top = stack.at(-1);
    const char = text[i]!;
    if (char === "{" || char === "[") {
      const keys = char === "{" ? new Set<string>() : undefined;
      stack.push({ keys, path: pathOf(top), next: 0, expectsKey: char === "{" });
    } else if (char === "}" || char === "]") {
      stack.pop();
    } else if (char === "," && top !== undefined) {
      if (typeof top.next === "number") top.next += 1;
      top.expectsKey = top.keys !== undefined;
    } else if (char === '"') {
      const end = endOfString(text, i);
      if (top?.expectsKey === true) {
        const key = JSON.parse(text.slice(i, end)) as string;
        if (top.keys!.has(key)) return { duplicate: { key, index: i }, floats };
        top.keys!.add(key);
        top.next = key;
        top.expectsKey = false;
      }
      i = end;
      continue;
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      const end = endOfNumber(text, i);
      const written = text.slice(i, end);
      if (/[.eE]/.test(written) && Number.isInteger(Number(written))) floats.push(pathOf(top));
      i = end;
      continue;
    }
    i += 1;
  }
  return { floats };
}

function pathOf(container: Container | undefined): string {
  if (container === undefined) return "";
  return container.path === "" ? String(container.next) : `${container.path}.${container.next}`;
}

function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (text[i] !== '"') i += text[i] === "\\" ? 2 : 1;
  return i + 1;
}

function endOfNumber(text: string, start: number): number {
  let i = start;
  while (i < text.length && !",]} \n\r\t".includes(text[i]!)) i += 1;
  return i;
}
