import type { LineRange } from "../../domain/location.ts";
import { countLines } from "../../domain/text-lines.ts";
import type { Definition, Structure } from "../language.ts";
import { childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const kinds: Readonly<Record<string, Definition["kind"]>> = {
  class_declaration: "class",
  interface_declaration: "class",
  enum_declaration: "class",
  record_declaration: "class",
  annotation_type_declaration: "class",
  method_declaration: "function",
  constructor_declaration: "function",
  compact_constructor_declaration: "function",
  annotation_type_element_declaration: "function",
  enum_constant: "variable",
};
const fields = ["field_declaration", "constant_declaration"];

/** Nodes in which nothing is defined that has a name of its own; the parser need not look into them. */
const expressions = new Set([
  "argument_list",
  "annotation_argument_list",
  "formal_parameters",
  "array_initializer",
  "binary_expression",
  "lambda_expression",
  "method_invocation",
  "parenthesized_expression",
  "string_literal",
  "modifiers",
  "scoped_identifier",
]);

export const mayDefine = (type: string): boolean => !expressions.has(type);

/** Every type, method and constructor at any depth, and the fields and constants of types, in the order of the file. */
export function structureOf(root: SyntaxNode, text: string): Structure {
  const definitions: Definition[] = [];
  const imports: LineRange[] = [];
  walk(root, (node) => {
    const kind = kinds[node.type];
    if (kind !== undefined)
      definitions.push({ kind, name: qualifiedName(node, text), range: linesOf(node, text) });
    if (node.type === "import_declaration") imports.push(linesOf(node, text));
    if (fields.includes(node.type)) {
      const declared = node.children.filter((child) => child.type === "variable_declarator");
      for (const variable of declared) {
        const name = prefixOf(node, text) + ownName(variable, text);
        definitions.push({ kind: "variable", name, range: linesOf(node, text) });
      }
    }
    return undefined;
  });
  return { definitions, imports, lines: countLines(text) };
}

const qualifiedName = (node: SyntaxNode, text: string): string => prefixOf(node, text) + ownName(node, text);

function prefixOf(node: SyntaxNode, text: string): string {
  for (let above = node.parent; above !== null; above = above.parent) {
    if (kinds[above.type] !== undefined) return `${qualifiedName(above, text)}.`;
  }
  return "";
}

function ownName(node: SyntaxNode, text: string): string {
  const name = childOfType(node, "identifier");
  return name === null ? "" : textOf(name, text);
}

const linesOf = (node: SyntaxNode, text: string): LineRange => ({
  first: node.row + 1,
  last: node.row + textOf(node, text).trimEnd().split("\n").length,
});
