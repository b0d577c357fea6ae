import { textOf, walk, type SyntaxNode } from "./syntax-tree.ts";

/** Notes that the text is wrong in this row, counted from 0. */
export type ReportError = (row: number, message: string) => void;

/**
 * The first thing in the text that its grammar does not allow, or that `inspect` finds in a node, as `line N: ...`; null
 * when there is none. `finish` looks at the whole file at last.
 */
export function firstError(
  root: SyntaxNode,
  text: string,
  inspect: (node: SyntaxNode, report: ReportError) => void,
  finish: (report: ReportError) => void = () => {},
): string | null {
  const found: Array<{ row: number; message: string }> = [];
  const report: ReportError = (row, message) => void found.push({ row, message });
  walk(root, (node) => {
    if (node.missing) report(node.row, `expected ${node.named ? node.type : JSON.stringify(node.type)}`);
    else if (node.type === "ERROR") report(node.row, `unexpected ${excerpt(node, text)}`);
    else inspect(node, report);
    return undefined;
  });
  finish(report);
  const [first] = found.sort((a, b) => a.row - b.row);
  return first === undefined ? null : `line ${first.row + 1}: ${first.message}`;
}

/** The node's first line, cut to 60 characters, in quotation marks. */
export function excerpt(node: SyntaxNode, text: string): string {
  const [first = ""] = textOf(node, text).trim().split("\n");
  return JSON.stringify(first.length > 60 ? `${first.slice(0, 60)}...` : first);
}
