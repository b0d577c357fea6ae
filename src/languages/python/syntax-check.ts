import { firstError, type ReportError } from "../first-error.ts";
import type { SyntaxNode } from "../syntax-tree.ts";

const clauses = ["elif_clause", "else_clause", "except_clause", "finally_clause"];

/** The first thing in the text that is not Python, as `line N: ...`; null when there is none. */
export function syntaxErrorOf(root: SyntaxNode, text: string): string | null {
  const lines = text.split("\n");
  const literal: SyntaxNode[] = [];
  return firstError(
    root,
    text,
    (node, report) => {
      if (node.type === "string" || node.type === "comment") literal.push(node);
      checkIndentation(node, lines, report);
    },
    (report) => checkInvisible(literal, text, report),
  );
}

/** The grammar repairs wrong indentation silently and allows empty blocks; Python does neither. */
function checkIndentation(node: SyntaxNode, lines: readonly string[], report: ReportError): void {
  if (node.type === "block" || node.type === "module") {
    const statements = node.children.filter((child) => child.named && !isExtra(child));
    if (node.type === "block" && statements.length === 0) report(node.row, "expected an indented block");
    const [first] = statements;
    const expected = node.type === "module" ? "" : first === undefined ? null : indentOf(first, lines);
    for (const statement of statements) {
      const indent = indentOf(statement, lines);
      if (indent !== null && expected !== null && indent !== expected) {
        report(statement.row, "unexpected indentation");
      }
    }
  }
  if (clauses.includes(node.type) && node.parent !== null) {
    const [own, expected] = [indentOf(node, lines), indentOf(node.parent, lines)];
    if (own !== null && expected !== null && own !== expected) report(node.row, "unexpected indentation");
  }
}

/** To the grammar these are white space, to Python an error; in strings and comments they may stand. */
function checkInvisible(literal: readonly SyntaxNode[], text: string, report: ReportError): void {
  let at = 0;
  for (const { start, end } of [...literal, { start: text.length, end: text.length }]) {
    const found = /[\u{200B}\u{2060}]/u.exec(text.slice(at, start));
    if (found !== null) {
      const row = text.slice(0, at + found.index).split("\n").length - 1;
      report(row, `invisible character U+${found[0].codePointAt(0)?.toString(16).toUpperCase()}`);
      return;
    }
    at = Math.max(at, end);
  }
}

const isExtra = (node: SyntaxNode): boolean => node.type === "comment" || node.type === "line_continuation";

/** White space before the node, null when something else stands before it on its line. */
function indentOf(node: SyntaxNode, lines: readonly string[]): string | null {
  const before = (lines[node.row] ?? "").slice(0, node.column);
  return before.trim() === "" ? before.replace(/^.*\f|\u{FEFF}/su, "") : null;
}
