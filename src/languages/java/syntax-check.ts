import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

/** The first thing in the text that is not Java, as `line N: ...`; null when there is none. */
export function syntaxErrorOf(root: SyntaxNode, text: string): string | null {
  let found: { row: number; message: string } | null = null;
  const report = (row: number, message: string): void => {
    if (found === null || row < found.row) found = { row, message };
  };
  walk(root, (node) => {
    if (node.missing) report(node.row, `expected ${node.named ? node.type : JSON.stringify(node.type)}`);
    else if (node.type === "ERROR") report(node.row, `unexpected ${excerpt(node, text)}`);
    else if (node.parent === root && isStatement(node)) report(node.row, "a statement outside of any class");
    return undefined;
  });
  return describe(found);
}

const describe = (found: { row: number; message: string } | null): string | null =>
  found === null ? null : `line ${found.row + 1}: ${found.message}`;

/** The grammar takes the lines of a shell session for Java too. */
const isStatement = ({ type }: SyntaxNode): boolean =>
  /(_statement|^block|^local_variable_declaration|^method_declaration)$/.test(type);

function excerpt(node: SyntaxNode, text: string): string {
  const [first = ""] = textOf(node, text).trim().split("\n");
  return JSON.stringify(first.length > 60 ? `${first.slice(0, 60)}...` : first);
}
