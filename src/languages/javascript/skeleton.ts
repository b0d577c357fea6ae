import { walk, type SyntaxNode } from "../syntax-tree.ts";
import { functions } from "./definition-name.ts";

/**
 * The text with the body of every outermost function replaced by an ellipsis. Functions that only wrap a module (called at
 * once, or handed to a loader) are looked into.
 */
export function skeletonOf(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (!functions.has(node.type)) return undefined;
    const body = node.children.find((child) => child.type === "statement_block");
    const statements = body?.children.filter((child) => child.named && child.type !== "comment") ?? [];
    const [first] = statements;
    const last = statements.at(-1);
    if (first === undefined || last === undefined) return false;
    if (isWrapper(node) && statements.some(defines)) return undefined;
    parts.push(text.slice(kept, first.start), "...");
    kept = last.end;
    return false;
  });
  return parts.join("") + text.slice(kept);
}

const isWrapper = (node: SyntaxNode): boolean =>
  node.parent?.type === "arguments" ||
  node.parent?.type === "parenthesized_expression" ||
  node.parent?.type === "call_expression";

function defines(statement: SyntaxNode): boolean {
  if (functions.has(statement.type) || statement.type === "class_declaration") return true;
  let found = false;
  walk(statement, (node) => {
    const { parent } = node;
    const bound = parent?.type === "variable_declarator" || parent?.type === "assignment_expression";
    if (functions.has(node.type) && bound) found = true;
    return !found && !functions.has(node.type);
  });
  return found;
}
