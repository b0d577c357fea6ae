import { walk, type SyntaxNode } from "../syntax-tree.ts";

const callables = ["method_declaration", "constructor_declaration", "compact_constructor_declaration"];

/** The text with the body of every outermost method and constructor replaced by an ellipsis. */
export function skeletonOf(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (!callables.includes(node.type)) return undefined;
    const body = node.children.find(({ type }) => type === "block" || type === "constructor_body");
    if (body === undefined || !body.children.some((child) => child.named)) return false;
    parts.push(text.slice(kept, body.start), "{ ... }");
    kept = body.end;
    return false;
  });
  return parts.join("") + text.slice(kept);
}
