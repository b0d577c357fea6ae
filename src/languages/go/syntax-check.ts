import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const topLevel = new Set([
  "package_clause",
  "import_declaration",
  "function_declaration",
  "method_declaration",
  "type_declaration",
  "var_declaration",
  "const_declaration",
  "comment",
]);

/** The first thing in the text that is not Go, as `line N: ...`; null when there is none. */
export function syntaxErrorOf(root: SyntaxNode, text: string): string | null {
  let found: { row: number; message: string } | null = null;
  const report = (row: number, message: string): void => {
    if (found === null || row < found.row) found = { row, message };
  };
  walk(root, (node) => {
    if (node.missing) report(node.row, `expected ${node.named ? node.type : JSON.stringify(node.type)}`);
    else if (node.type === "ERROR") report(node.row, `unexpected ${excerpt(node, text)}`);
    return undefined;
  });
  checkOrder(root, text, report);
  return describe(found);
}

const describe = (found: { row: number; message: string } | null): string | null =>
  found === null ? null : `line ${found.row + 1}: ${found.message}`;

/** The grammar takes statements outside of functions, and imports anywhere; Go does not. */
function checkOrder(root: SyntaxNode, text: string, report: (row: number, message: string) => void): void {
  const parts = root.children.filter((child) => child.named && child.type !== "comment");
  const [first] = parts;
  if (first?.type !== "package_clause") report(first?.row ?? 0, "expected a package clause");
  let declared = false;
  for (const part of parts) {
    if (!topLevel.has(part.type)) report(part.row, `${excerpt(part, text)} outside of a function`);
    if (part.type === "package_clause" && part !== first) report(part.row, "a second package clause");
    if (part.type === "import_declaration" && declared) report(part.row, "imports must come first");
    declared ||= part.type !== "package_clause" && part.type !== "import_declaration";
  }
}

function excerpt(node: SyntaxNode, text: string): string {
  const [first = ""] = textOf(node, text).trim().split("\n");
  return JSON.stringify(first.length > 60 ? `${first.slice(0, 60)}...` : first);
}
