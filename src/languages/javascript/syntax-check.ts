import { excerpt } from "../first-error.ts";
import { childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

/** The first thing in the text that is neither JavaScript nor TypeScript, as `line N: ...`; null when there is none. */
export function syntaxErrorOf(root: SyntaxNode, text: string): string | null {
  const found: Array<{ row: number; message: string }> = [];
  const report = (node: SyntaxNode, message: string): void => {
    found.push({ row: node.row, message });
  };
  let unreadable: SyntaxNode | null = null;
  walk(root, (node) => {
    if (node.missing) report(node, `expected ${node.named ? node.type : JSON.stringify(node.type)}`);
    // Of an error that is the whole file, what lies inside tells more.
    else if (node.type === "ERROR" && node === root) unreadable = node;
    else if (node.type === "ERROR") report(node, `unexpected ${excerpt(node, text)}`);
    else if (node.type === "object") checkCommas(node, report);
    else if (node.type === "program" || node.type === "statement_block") checkNames(node, text, report);
    return undefined;
  });
  if (unreadable !== null && found.length === 0) {
    const lines = text.trimEnd().split("\n").length;
    return `line ${lines}: unexpected end of the file, something is not closed`;
  }
  const [first] = found.sort((a, b) => a.row - b.row);
  return first === undefined ? null : `line ${first.row + 1}: ${first.message}`;
}

type Report = (node: SyntaxNode, message: string) => void;

/** The grammar lets objects have holes, as arrays may. */
function checkCommas(object: SyntaxNode, report: Report): void {
  let before = "{";
  for (const child of object.children.filter(({ type }) => type !== "comment")) {
    if (child.type === "," && (before === "," || before === "{")) report(child, 'unexpected ","');
    before = child.type;
  }
}

/** A copied line is a common slip of models: the same name declared twice by `let`, `const` or `class`. */
function checkNames(block: SyntaxNode, text: string, report: Report): void {
  const names = new Set<string>();
  for (const statement of block.children) {
    const declaration =
      statement.type === "export_statement"
        ? statement.children.find((child) => declares.includes(child.type))
        : statement;
    if (declaration === undefined || !declares.includes(declaration.type)) continue;
    const owners =
      declaration.type === "class_declaration"
        ? [declaration]
        : declaration.children.filter((child) => child.type === "variable_declarator");
    for (const owner of owners) {
      const name = childOfType(owner, "identifier") ?? childOfType(owner, "type_identifier");
      if (name === null || name !== owner.children.find((child) => child.named && child.type !== "decorator"))
        continue;
      const declared = textOf(name, text);
      if (names.has(declared)) report(name, `${JSON.stringify(declared)} is declared twice`);
      names.add(declared);
    }
  }
}

const declares = ["lexical_declaration", "class_declaration"];
