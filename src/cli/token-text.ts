import type { Encoding } from "orrery-lm/tokenizers";

/** A stretch of a text with the tokens that share it: one, or several of one character. */
export interface TokenStretch {
  readonly text: string;
  readonly tokens: number;
}

/**
 * A text cut at its tokens. Text that no token stands for joins the stretch behind it.
 * @param encoding with offsets in UTF-16 units
 */
export function tokenStretches(text: string, { offsets }: Encoding): TokenStretch[] {
  const stretches: { start: number; end: number; tokens: number; isOpen: boolean }[] = [];
  for (const [start, end] of offsets) {
    const last = stretches.at(-1);
    // Some tokenizers give all but the last byte of a character no width.
    if (last !== undefined && (last.isOpen || start < last.end)) {
      last.tokens++;
      last.end = Math.max(last.end, end);
      last.isOpen = start === end;
    } else {
      stretches.push({ start: last?.end ?? 0, end, tokens: 1, isOpen: start === end });
    }
  }
  const last = stretches.at(-1);
  if (last !== undefined) last.end = text.length;
  return stretches.map(({ start, end, tokens }) => ({ text: text.slice(start, end), tokens }));
}

// Black on five light backgrounds of the 256 colors, so that neighbors differ.
const BACKGROUNDS = [153, 157, 223, 218, 189] as const;
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * Tokens for people to look at: each on a background of its own, or, without colors, with bars
 * between them. A stretch of several tokens has their number behind it, in superscript.
 */
export function showStretches(stretches: readonly TokenStretch[], hasColors: boolean): string {
  const shown = stretches.map(({ text, tokens }) => text + (tokens > 1 ? superscript(tokens) : ""));
  if (!hasColors) return shown.join("│");
  return shown.map((text, i) => paint(text, BACKGROUNDS[i % BACKGROUNDS.length]!)).join("");
}

/** Paints a text; a line break is not painted, or the color would fill the rest of the line. */
function paint(text: string, background: number): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `\u001B[30;48;5;${background}m${line}\u001B[0m`))
    .join("\u001B[2m⏎\u001B[0m\n");
}

function superscript(count: number): string {
  return Array.from(String(count), (digit) => SUPERSCRIPTS[Number(digit)]!).join("");
}
