import { isLastMember } from "../last-member.ts";
import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const strings = new Set(["interpreted_string_literal", "raw_string_literal", "rune_literal"]);
const grouping = new Set(["parenthesized_expression", "parenthesized_type"]);
/** Statements whose parts are told apart by their semicolons only. */
const clauses = new Set([
  "for_clause",
  "if_statement",
  "expression_switch_statement",
  "type_switch_statement",
]);
const directive = /^\/\/(go:|line |export )|^\/\/\s*\+build|^\/\*line /;

/**
 * The tree as a nested list of its tokens: no comments but those that the compiler reads, no line breaks, no semicolons
 * that only separate, no parentheses that only group, no trailing commas. Imports are one sorted list: their order
 * and grouping mean nothing (the order in which packages initialise is not the file's to say).
 */
export function normalFormOf(root: SyntaxNode, text: string): string {
  const { specs, cgo } = importsOf(root, text);
  const tokens: string[] = [...new Set(specs)].sort();
  const silent = (node: SyntaxNode): boolean =>
    node.type === "import_declaration" ||
    node.type === "empty_statement" ||
    (node.type === "comment" && !cgo && !directive.test(textOf(node, text))) ||
    meansNothing(node);
  walk(
    root,
    (node) => {
      if (silent(node)) return false;
      if (strings.has(node.type) || node.children.length === 0) {
        if (node.end > node.start) tokens.push(textOf(node, text));
        return false;
      }
      if (!grouping.has(node.type)) tokens.push(`(${node.type}`);
      return undefined;
    },
    (node) => {
      const whole = silent(node) || strings.has(node.type) || grouping.has(node.type);
      if (!whole && node.children.length > 0) tokens.push(")");
    },
  );
  return tokens.join(" ");
}

/** In a file that imports "C", comments are C code. */
function importsOf(root: SyntaxNode, text: string): { specs: string[]; cgo: boolean } {
  const specs: string[] = [];
  for (const declaration of root.children.filter((child) => child.type === "import_declaration")) {
    walk(declaration, (node) => {
      if (node.type !== "import_spec") return undefined;
      const words = node.children.filter((child) => child.named && child.type !== "comment");
      specs.push(`import ${words.map((word) => textOf(word, text)).join(" ")}`);
      return false;
    });
  }
  return { specs, cgo: specs.includes('import "C"') };
}

function meansNothing(node: SyntaxNode): boolean {
  const { parent } = node;
  if (node.named || parent === null) return false;
  if (node.type === "(" || node.type === ")") return grouping.has(parent.type);
  if (node.type === ";" || node.type === "\n") return !clauses.has(parent.type);
  return node.type === "," && isLastMember(node, parent);
}
