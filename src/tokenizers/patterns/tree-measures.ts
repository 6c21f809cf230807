import type { Node } from "./syntax-tree.ts";

/** Whether a part can match without going on. */
export function isNullable(node: Node): boolean {
  switch (node.type) {
    case "set":
    case "anyCase":
      return false;
    case "sequence":
      return node.nodes.every(isNullable);
    case "choice":
      return node.nodes.some(isNullable);
    case "repeat":
      return node.min === 0 || isNullable(node.node);
    case "atomic":
      return isNullable(node.node);
    case "look":
    case "assertion":
      return true;
  }
}

/**
 * How many ways not yet gone a turn through a part leaves behind at most: a choice one, whichever it
 * takes, a loop as many as one of its turns.
 */
export function waitingWays(node: Node): number {
  switch (node.type) {
    case "set":
    case "anyCase":
    case "assertion":
      return 0;
    case "sequence":
      return node.nodes.reduce((sum, one) => sum + waitingWays(one), 0);
    case "choice":
      return node.nodes.reduce((most, one) => Math.max(most, waitingWays(one)), 0) + 1;
    case "repeat": {
      const { max, min } = node;
      if (node.node.type === "set") return 1;
      return (max === Infinity ? min + 1 : max) * (waitingWays(node.node) + 2);
    }
    case "atomic":
    case "look":
      return waitingWays(node.node);
  }
}
