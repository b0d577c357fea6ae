import type { Matches } from "../metrics/bleu.ts";
import type { CodeNode } from "./code-tree.ts";

/**
 * How many of the reference's subtrees the candidate has, too. A subtree is a node with children, seen as the types of
 * all named nodes below it: names, literals and operators do not count.
 */
export function syntaxMatches(candidate: CodeNode, reference: CodeNode): Matches {
  const numbers = new Map<string, number>();
  const known = new Set(subtrees(candidate, numbers));
  const wanted = subtrees(reference, numbers);
  return { matched: wanted.filter((tree) => known.has(tree)).length, possible: wanted.length };
}

/**
 * The number of each subtree's shape in `numbers`, equal for equal shapes. Built from the leaves up without recursion:
 * model output nests as deeply as it likes.
 */
function subtrees(root: CodeNode, numbers: Map<string, number>): readonly number[] {
  const order = [root];
  for (let place = 0; place < order.length; place += 1) order.push(...(order[place]?.children ?? []));
  const shapes = new Map<CodeNode, number>();
  for (const node of order.toReversed()) {
    const below = node.children.filter(({ named }) => named).map((child) => shapes.get(child));
    const key = JSON.stringify([node.type, below]);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    shapes.set(node, number);
  }
  return order
    .filter((node) => node === root || node.children.length > 0)
    .flatMap((node) => shapes.get(node) ?? []);
}
