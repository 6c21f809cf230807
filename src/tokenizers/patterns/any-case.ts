import type { CaseFolding } from "../unicode/case-folding.ts";
import { type CodePointSet, range, union } from "../unicode/code-point-set.ts";
import type { Node } from "./syntax-tree.ts";

/** A set with all that its members match in any case. */
export function widened(set: CodePointSet, folding: CaseFolding): CodePointSet {
  const others = [...folding.classes()]
    .filter((members) => members.some((member) => has(set, member)))
    .flatMap((members) => members.map((member) => range(member)));
  return union(set, ...others);
}

/** A set whose members may stand for several characters: `(?i)[ß]` matches "ss" too. */
export function withSeveral(set: CodePointSet, folding: CaseFolding): Node {
  const longer = folding.long.filter(({ codePoint }) => has(set, codePoint));
  const nodes = longer.map(({ several }) => sequence(several.map((one) => variants(one, folding))));
  return nodes.length === 0 ? { type: "set", set } : choice([{ type: "set", set }, ...nodes]);
}

/** Puts sets in the place of characters in any case. */
export function resolveAnyCase(node: Node, folding: CaseFolding): Node {
  switch (node.type) {
    case "anyCase":
      return anyCase([node.codePoint], folding);
    case "sequence":
      return sequence(resolveSequence(node.nodes, folding));
    case "choice":
      return choice(node.nodes.map((one) => resolveAnyCase(one, folding)));
    case "look":
      // A look-behind takes characters one by one.
      return {
        ...node,
        node: resolveAnyCase(node.node, node.isBehind ? folding.withoutLong : folding),
      };
    case "repeat":
    case "atomic":
      return { ...node, node: resolveAnyCase(node.node, folding) };
    case "set":
    case "assertion":
      return node;
  }
}

function resolveSequence(nodes: readonly Node[], folding: CaseFolding): Node[] {
  const resolved: Node[] = [];
  let characters: number[] = [];
  const flush = (): void => {
    if (characters.length > 0) resolved.push(anyCase(characters, folding));
    characters = [];
  };
  for (const node of nodes) {
    if (node.type === "anyCase") {
      characters.push(node.codePoint);
    } else {
      flush();
      resolved.push(resolveAnyCase(node, folding));
    }
  }
  flush();
  return resolved;
}

/**
 * Characters as written, in any case. As in Oniguruma, from the left: where some of them are what one
 * character stands for ("ss"), that one matches too ("ß"); the next such place is looked for behind.
 */
function anyCase(codePoints: readonly number[], folding: CaseFolding): Node {
  const nodes: Node[] = [];
  for (let i = 0; i < codePoints.length;) {
    const { node, length } = windowAt(codePoints, i, folding);
    nodes.push(node);
    i += length;
  }
  return sequence(nodes);
}

function windowAt(
  codePoints: readonly number[],
  start: number,
  folding: CaseFolding,
): { readonly node: Node; readonly length: number } {
  const own = folding.long.find(({ codePoint }) => codePoint === codePoints[start]);
  if (own !== undefined) {
    const same = folding.long.filter((other) => equal(other.several, own.several));
    const one = union(
      ...same.map(({ codePoint }) => range(codePoint)),
      variantSet(own.codePoint, folding),
    );
    const several = own.several.map((part) => variants(part, folding));
    return { node: choice([{ type: "set", set: one }, sequence(several)]), length: 1 };
  }
  const folded = codePoints.slice(start, start + 3).map((codePoint) => folding.fold(codePoint));
  const found = folding.long.filter(({ several }) =>
    several.every((codePoint, i) => codePoint === folded[i]),
  );
  const length = Math.max(1, ...found.map(({ several }) => several.length));
  const singles = codePoints.slice(start, start + length).map((one) => variants(one, folding));
  const longest = found.filter(({ several }) => several.length === length);
  const ones = longest.map(({ codePoint }): Node => ({ type: "set", set: range(codePoint) }));
  return { node: choice([sequence(singles), ...ones]), length };
}

function variants(codePoint: number, folding: CaseFolding): Node {
  return { type: "set", set: variantSet(codePoint, folding) };
}

function variantSet(codePoint: number, folding: CaseFolding): CodePointSet {
  return union(...folding.variants(codePoint).map((variant) => range(variant)));
}

function sequence(nodes: readonly Node[]): Node {
  return nodes.length === 1 ? nodes[0]! : { type: "sequence", nodes };
}

function choice(nodes: readonly Node[]): Node {
  return nodes.length === 1 ? nodes[0]! : { type: "choice", nodes };
}

function has(set: CodePointSet, codePoint: number): boolean {
  for (let i = 0; i < set.length; i += 2) {
    if (codePoint < set[i]!) return false;
    if (codePoint < set[i + 1]!) return true;
  }
  return false;
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
