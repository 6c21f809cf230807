/** What may come next. */
type Next = "value" | "value or ]" | "key" | "key or }" | ":" | ", or close" | "nothing";

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const LITERALS = ["true", "false", "null"];

/**
 * Where a text stops being the beginning of a JSON text, in UTF-16 units: its length if it is only cut
 * short. Engines say it in words of their own, or not at all.
 */
export function jsonEnd(text: string): number {
  const open: string[] = []; // "{" and "["
  let next: Next = "value";
  let i = endOf(BLANKS, text, 0);
  while (i < text.length) {
    const char = text[i]!;
    const expectsValue: boolean = next === "value" || next === "value or ]";
    if (expectsValue && (char === "{" || char === "[")) {
      open.push(char);
      next = char === "{" ? "key or }" : "value or ]";
      i++;
    } else if (mayClose(next, open.at(-1), char)) {
      open.pop();
      next = afterValue(open);
      i++;
    } else if (next === ":" && char === ":") {
      next = "value";
      i++;
    } else if (next === ", or close" && char === ",") {
      next = open.at(-1) === "{" ? "key" : "value";
      i++;
    } else if (char === '"' && (expectsValue || next === "key" || next === "key or }")) {
      const string = endOfString(text, i);
      if (!string.isClosed) return string.end;
      next = expectsValue ? afterValue(open) : ":";
      i = string.end;
    } else if (expectsValue) {
      const scalar = endOfScalar(text, i);
      if (!scalar.isClosed) return scalar.end;
      next = afterValue(open);
      i = scalar.end;
    } else return i;
    i = endOf(BLANKS, text, i);
  }
  return i;
}

function afterValue(open: readonly string[]): Next {
  return open.length === 0 ? "nothing" : ", or close";
}

function mayClose(next: Next, opener: string | undefined, char: string): boolean {
  if (char === "}") return opener === "{" && (next === "key or }" || next === ", or close");
  return char === "]" && opener === "[" && (next === "value or ]" || next === ", or close");
}

interface Scanned {
  /** Behind it, or where it goes wrong. */
  readonly end: number;
  readonly isClosed: boolean;
}

function endOfString(text: string, start: number): Scanned {
  let i = start + 1;
  while (i < text.length && text[i]! >= " ") {
    if (text[i] === '"') return { end: i + 1, isClosed: true };
    const end = text[i] === "\\" ? endOf(ESCAPE, text, i) : i + 1;
    if (end === i) {
      const isCut = text.length - i < 6 && /^\\(?:u[\da-fA-F]*)?$/.test(text.slice(i));
      return { end: isCut ? text.length : i, isClosed: false };
    }
    i = end;
  }
  return { end: i, isClosed: false };
}

function endOfScalar(text: string, start: number): Scanned {
  const literal = LITERALS.find((word) => word[0] === text[start]);
  if (literal === undefined) {
    const end = endOf(NUMBER, text, start);
    const isCut = text.length - end <= 2 && /^(?:\.|[eE][+-]?)$/.test(text.slice(end));
    if (end > start) return isCut ? { end: text.length, isClosed: false } : { end, isClosed: true };
    return { end: text[start] === "-" ? start + 1 : start, isClosed: false };
  }
  let length = 1;
  while (length < literal.length && literal[length] === text[start + length]) length++;
  return { end: start + length, isClosed: length === literal.length };
}

/** Behind what a pattern matches at a place; the place itself if it does not. */
function endOf(pattern: RegExp, text: string, start: number): number {
  const sticky = pattern;
  sticky.lastIndex = start;
  return sticky.test(text) ? sticky.lastIndex : start;
}
