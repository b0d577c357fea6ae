import { isDocstring } from "./docstring.ts";
import { walk, type SyntaxNode } from "../syntax-tree.ts";

/** The text with the body of every outermost function replaced by its docstring and an ellipsis. */
export function skeletonOf(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (node.type !== "function_definition") return undefined;
    const body = node.children.find((child) => child.type === "block");
    const statements = body?.children.filter((child) => child.named && child.type !== "comment") ?? [];
    const [first] = statements;
    const last = statements.at(-1);
    if (first === undefined || last === undefined) return false;
    const elided = isDocstring(first, text) ? statements[1] : first;
    if (elided === undefined) return false;
    parts.push(text.slice(kept, elided.start), "...");
    kept = last.start + text.slice(last.start, last.end).trimEnd().length;
    return false;
  });
  return parts.join("") + text.slice(kept);
}
