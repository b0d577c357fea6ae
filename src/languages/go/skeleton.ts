import { childOfType, walk, type SyntaxNode } from "../syntax-tree.ts";

const functions = ["function_declaration", "method_declaration", "func_literal"];

/** The text with the body of every outermost function replaced by an ellipsis. */
export function skeletonOf(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (!functions.includes(node.type)) return undefined;
    const body = childOfType(node, "block");
    if (body === null || text.slice(body.start + 1, body.end - 1).trim() === "") return false;
    parts.push(text.slice(kept, body.start), "{ ... }");
    kept = body.end;
    return false;
  });
  return parts.join("") + text.slice(kept);
}
