import { firstError } from "../first-error.ts";
import type { SyntaxNode } from "../syntax-tree.ts";

/** The first thing in the text that is not Java, as `line N: ...`; null when there is none. */
export const syntaxErrorOf = (root: SyntaxNode, text: string): string | null =>
  firstError(root, text, (node, report) => {
    if (node.parent === root && isStatement(node)) report(node.row, "a statement outside of any class");
  });

/** The grammar takes the lines of a shell session for Java too. */
const isStatement = ({ type }: SyntaxNode): boolean =>
  /(_statement|^block|^local_variable_declaration|^method_declaration)$/.test(type);
