import type { SyntaxNode } from "./syntax-tree.ts";

const known = new WeakMap<SyntaxNode, SyntaxNode | null>();

/** Whether nothing but comments and a closing bracket follows a child of `parent`, which is looked through once for all of them. */
export function isLastMember(node: SyntaxNode, parent: SyntaxNode): boolean {
  let last = known.get(parent);
  if (last === undefined) {
    last =
      parent.children.findLast((child) => child.type !== "comment" && !/^[)\]}]$/.test(child.type)) ?? null;
    known.set(parent, last);
  }
  return last === node;
}
