import { excerpt, firstError, type ReportError } from "../first-error.ts";
import type { SyntaxNode } from "../syntax-tree.ts";

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
export const syntaxErrorOf = (root: SyntaxNode, text: string): string | null =>
  firstError(
    root,
    text,
    () => {},
    (report) => checkOrder(root, text, report),
  );

/** The grammar takes statements outside of functions, and imports anywhere; Go does not. */
function checkOrder(root: SyntaxNode, text: string, report: ReportError): void {
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
