import { CaseFolding } from "../unicode/case-folding.ts";
import { type CodePointSet, complement, range, union } from "../unicode/code-point-set.ts";
import { resolveAnyCase, widened, withSeveral } from "./any-case.ts";
import { parseClass } from "./parse-class.ts";
import { type Widen, parseEscape, wordSet } from "./parse-escape.ts";
import { parseQuantifier } from "./parse-quantifier.ts";
import { RegexSource, type RegexText } from "./regex-source.ts";
import type { Assertion, Node } from "./syntax-tree.ts";

/** What `(?imsx)` switches. */
interface Flags {
  readonly ignoresCase: boolean;
  /** "." matches line ends. */
  readonly dotAll: boolean;
  /** "^" and "$" match at line ends, as always in Oniguruma. */
  readonly multiLine: boolean;
  /** Blanks and comments mean nothing. */
  readonly extended: boolean;
}

// Far more than any published pattern has.
const MAX_LENGTH = 100_000;
// Groups and repetitions in one another are read, and later run, by recursion.
const MAX_DEPTH = 200;
const LINE_END = range(0x0a);
const ANY = range(0, 0x10ffff);

/** Reads a regular expression. @throws {FormatError} if it is broken, or asks for something that is not here. */
export function parseRegex(regex: RegexText): Node {
  return new RegexParser(new RegexSource(regex)).parse();
}

class RegexParser {
  readonly #source: RegexSource;
  #madeFolding: CaseFolding | undefined;
  #hasAnyCase = false;
  readonly #widened = new Map<CodePointSet, CodePointSet>();
  readonly #withSeveral = new Map<CodePointSet, Node>();
  /** Of groups that are open. */
  #depth = 0;
  /** Of groups and repetitions in the part that was read last, with the groups around it. */
  #deepest = 0;

  constructor(source: RegexSource) {
    this.#source = source;
  }

  parse(): Node {
    if (this.#source.text.length > MAX_LENGTH) {
      this.#source.limit(`more than ${MAX_LENGTH} characters`, MAX_LENGTH);
    }
    const multiLine = this.#source.dialect === "oniguruma";
    const flags = { ignoresCase: false, dotAll: false, multiLine, extended: false };
    const node = this.#parseChoice(flags);
    if (!this.#source.isAtEnd) this.#source.reject("a parenthesis that closes nothing");
    return this.#hasAnyCase ? resolveAnyCase(node, this.#folding) : node;
  }

  /** Made when something is to match in any case. */
  get #folding(): CaseFolding {
    this.#madeFolding ??= new CaseFolding(this.#source.dialect === "oniguruma");
    return this.#madeFolding;
  }

  #parseChoice(flags: Flags): Node {
    const nodes: Node[] = [];
    let inherited = flags;
    do {
      const { node, flagsBehind } = this.#parseSequence(inherited);
      nodes.push(node);
      inherited = flagsBehind;
    } while (this.#source.take("|"));
    return nodes.length === 1 ? nodes[0]! : { type: "choice", nodes };
  }

  #parseSequence(flags: Flags): { readonly node: Node; readonly flagsBehind: Flags } {
    const source = this.#source;
    const nodes: Node[] = [];
    let now = flags;
    while (!source.isAtEnd && source.peek() !== "|" && source.peek() !== ")") {
      if (now.extended && source.takeMatch(/\s+|#[^\n]*/y) !== undefined) continue;
      if (source.takeMatch(/\(\?#(?:[^\\)]|\\.)*\)/sy) !== undefined) continue;
      const changed = this.#parseFlags(now);
      if (changed === undefined) {
        nodes.push(this.#parseRepeated(now));
      } else if (source.dialect === "oniguruma") {
        // To Oniguruma a(?i)b|c is a(?i:b|c).
        this.#enter(source.position);
        nodes.push(this.#parseChoice(changed));
        this.#depth--;
      } else {
        now = changed;
      }
    }
    const flat = nodes.flatMap((node) => (node.type === "sequence" ? node.nodes : [node]));
    return { node: { type: "sequence", nodes: flat }, flagsBehind: now };
  }

  /** `(?i)` and the like, which go on to the end of the group. */
  #parseFlags(flags: Flags): Flags | undefined {
    const match = this.#source.takeMatch(/\(\?([imsxu]*)(-[imsxu]*)?\)/y);
    return match && this.#changedFlags(flags, match);
  }

  #changedFlags(flags: Flags, [whole, on = "", off = ""]: RegExpExecArray): Flags {
    const isOniguruma = this.#source.dialect === "oniguruma";
    const start = this.#source.position - whole.length;
    const unknown = isOniguruma ? /[su]/.exec(on + off) : null;
    if (unknown !== null) this.#source.refuse(`the option ${unknown[0]}`, start);
    const value = (letter: string, before: boolean): boolean =>
      off.includes(letter) ? false : on.includes(letter) || before;
    return {
      ignoresCase: value("i", flags.ignoresCase),
      dotAll: value(isOniguruma ? "m" : "s", flags.dotAll),
      multiLine: isOniguruma || value("m", flags.multiLine),
      extended: value("x", flags.extended),
    };
  }

  #parseRepeated(flags: Flags): Node {
    const source = this.#source;
    const start = source.position;
    const deepestBefore = this.#deepest;
    this.#deepest = this.#depth;
    let node = this.#parseAtom(flags);
    for (;;) {
      if (flags.extended) source.takeMatch(/(?:\s+|#[^\n]*)+/y);
      const quantifier = parseQuantifier(source);
      if (quantifier === undefined) break;
      if (node.type === "look" || node.type === "assertion") {
        source.refuse("the repetition of something without length", start);
      }
      if (++this.#deepest > MAX_DEPTH) {
        source.limit("a repetition of so many groups and repetitions", start);
      }
      node = { type: "repeat", node, ...quantifier };
    }
    this.#deepest = Math.max(this.#deepest, deepestBefore);
    return node;
  }

  #parseAtom(flags: Flags): Node {
    const source = this.#source;
    const start = source.position;
    if (source.take("[")) return this.#parseClass(flags);
    if (source.take("(")) return this.#parseGroup(flags, start);
    if (source.take(".")) return { type: "set", set: flags.dotAll ? ANY : complement(LINE_END) };
    if (source.take("^")) return this.#parseStart(flags);
    if (source.take("$")) return assertion(flags.multiLine ? "lineEnd" : "textEnd");
    if (source.take("\\")) return this.#parseEscape(flags, start);
    const isQuantifier = /^(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d+)\})/.test(
      source.text.slice(start, start + 40),
    );
    if (isQuantifier) source.reject("a repetition of nothing");
    return this.#character(source.next().codePointAt(0)!, flags);
  }

  /** At the end of a text, behind a line end, no line starts for Oniguruma. */
  #parseStart({ multiLine }: Flags): Node {
    if (!multiLine) return assertion("textStart");
    const isOniguruma = this.#source.dialect === "oniguruma";
    return assertion(isOniguruma ? "lineStart" : "lineStartOrTextEnd");
  }

  #character(codePoint: number, { ignoresCase }: Flags): Node {
    if (!ignoresCase) return { type: "set", set: range(codePoint) };
    this.#hasAnyCase = true;
    return { type: "anyCase", codePoint };
  }

  #widen(isAsked: boolean): Widen {
    if (!isAsked) return (set) => set;
    return (set) => {
      const wide = this.#widened.get(set) ?? widened(set, this.#folding);
      this.#widened.set(set, wide);
      return wide;
    };
  }

  /** Oniguruma takes properties, and classes in classes, as they are. */
  #widenParts({ ignoresCase }: Flags): Widen {
    return this.#widen(ignoresCase && this.#source.dialect === "fancy-regex");
  }

  #parseClass(flags: Flags): Node {
    const { ignoresCase } = flags;
    const widen = this.#widen(ignoresCase);
    const widenParts = this.#widenParts(flags);
    const { set, isNegated } = parseClass(this.#source, { widen, widenParts });
    if (!ignoresCase || isNegated) return { type: "set", set };
    const node = this.#withSeveral.get(set) ?? withSeveral(set, this.#folding);
    this.#withSeveral.set(set, node);
    return node;
  }

  #parseEscape(flags: Flags, start: number): Node {
    const source = this.#source;
    const special = this.#parseSpecialEscape();
    if (special !== undefined) return special;
    const isReference = /^(?:[89]|[1-7](?![0-7]))/.test(source.text.slice(start + 1, start + 3));
    const next = source.peek();
    if (next === "") source.reject("an escape of nothing", start);
    if (isReference || next === "k" || next === "g")
      source.refuse(`the reference \\${next}`, start);
    if (/[cCMKXyYQE]/.test(next)) source.refuse(`the escape \\${next}`, start);
    const escaped = parseEscape(source, false, this.#widenParts(flags));
    if (escaped === undefined) {
      if (source.dialect === "fancy-regex") source.refuse(`the escape \\${next}`, start);
      return this.#character(source.next().codePointAt(0)!, flags);
    }
    return "set" in escaped
      ? { type: "set", set: escaped.set }
      : this.#character(escaped.codePoint, flags);
  }

  #parseSpecialEscape(): Node | undefined {
    const source = this.#source;
    if (source.take("A")) return assertion("textStart");
    if (source.take("z")) return assertion("textEnd");
    if (source.take("Z")) return assertion("textEndOrLastLineEnd");
    if (source.take("G")) return assertion("searchStart");
    const boundary = source.takeMatch(/[bB]/y)?.[0];
    if (boundary !== undefined) {
      const kind = boundary === "b" ? "wordBoundary" : "noWordBoundary";
      return { type: "assertion", assertion: kind, words: wordSet(source, false) };
    }
    if (source.dialect === "fancy-regex") return undefined;
    if (source.take("N")) return { type: "set", set: complement(LINE_END) };
    if (source.take("O")) return { type: "set", set: ANY };
    if (!source.take("R")) return undefined;
    const one: Node = {
      type: "set",
      set: union(range(0x0a, 0x0d), range(0x85), range(0x2028, 0x2029)),
    };
    const two: readonly Node[] = [0x0d, 0x0a].map((c) => ({ type: "set", set: range(c) }));
    return {
      type: "atomic",
      node: { type: "choice", nodes: [{ type: "sequence", nodes: two }, one] },
    };
  }

  #parseGroup(flags: Flags, start: number): Node {
    const source = this.#source;
    this.#enter(start);
    const wrap = this.#parseGroupStart(start);
    const options = wrap === undefined ? source.takeMatch(/\?([imsxu]*)(-[imsxu]*)?:/y) : undefined;
    if (wrap === undefined && options === undefined && /[?*]/.test(source.peek())) {
      source.refuse(`the group ${source.text.slice(start, start + 4)}`, start);
    }
    const node = this.#parseChoice(options ? this.#changedFlags(flags, options) : flags);
    if (!source.take(")")) source.reject('a group without its ")"', start);
    this.#depth--;
    // A group that is captured is no part of the sequence around it.
    return wrap?.(node) ?? (options ? node : { type: "choice", nodes: [node] });
  }

  #enter(start: number): void {
    if (++this.#depth > MAX_DEPTH) this.#source.limit("a group so deep in others", start);
    this.#deepest = Math.max(this.#deepest, this.#depth);
  }

  #parseGroupStart(start: number): ((node: Node) => Node) | undefined {
    const source = this.#source;
    if (source.take("*")) source.refuse("the callout (*", start);
    if (source.take("?>")) return (node) => ({ type: "atomic", node });
    const look = source.takeMatch(/\?(<?)([=!])/y);
    if (look !== undefined) {
      const [, behind, sign] = look;
      return (node) => ({ type: "look", node, isBehind: behind === "<", isNegated: sign === "!" });
    }
    const name =
      source.dialect === "oniguruma"
        ? source.takeMatch(/\?(?:<[^>=!]+>|'[^']+')/y)
        : source.takeMatch(/\?P?<[^>=!]+>/y);
    return name && ((node) => ({ type: "choice", nodes: [node] }));
  }
}

function assertion(kind: Assertion): Node {
  return { type: "assertion", assertion: kind };
}
