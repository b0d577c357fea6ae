import { textOf, type SyntaxNode } from "../syntax-tree.ts";

/** Whether the statement is the docstring of its module, class or function: a plain string, standing first. */
export function isDocstring(statement: SyntaxNode, text: string): boolean {
  if (statement.type !== "expression_statement" || statement.children.length !== 1) return false;
  const [string] = statement.children;
  if (string?.type !== "string" || !/^[rRuU]?["']/.test(textOf(string, text))) return false;
  const { parent } = statement;
  const owner = parent?.type === "block" ? parent.parent?.type : parent?.type;
  if (owner === undefined || !["module", "class_definition", "function_definition"].includes(owner)) {
    return false;
  }
  return parent?.children.find((child) => child.named && child.type !== "comment") === statement;
}
