import { parseRegex } from "./parse-regex.ts";
import type { RegexText } from "./regex-source.ts";
import type { Node } from "./syntax-tree.ts";

/**
 * How many UTF-16 units a match of a regular expression has at least.
 * @throws {FormatError} if it is broken, or asks for something that is not here.
 */
export function leastWidthOf(regex: RegexText): number {
  return leastWidth(parseRegex(regex));
}

function leastWidth(node: Node): number {
  switch (node.type) {
    case "set":
    case "anyCase":
      return 1;
    case "sequence":
      return node.nodes.reduce((sum, part) => sum + leastWidth(part), 0);
    case "choice":
      return Math.min(...node.nodes.map(leastWidth));
    case "repeat":
      return node.min * leastWidth(node.node);
    case "atomic":
      return leastWidth(node.node);
    case "look":
    case "assertion":
      return 0;
  }
}
