import type { LineRange } from "../../domain/location.ts";
import { countLines } from "../../domain/text-lines.ts";
import type { Definition, Structure } from "../language.ts";
import { ancestor, childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const scopes = ["function_definition", "class_definition"];
const imports = ["import_statement", "import_from_statement", "future_import_statement"];

/** Nodes in which nothing is defined or imported; the parser need not look into them. */
const expressions = new Set([
  "argument_list",
  "parameters",
  "lambda",
  "call",
  "list",
  "tuple",
  "set",
  "dictionary",
  "list_comprehension",
  "generator_expression",
  "dictionary_comprehension",
  "set_comprehension",
  "parenthesized_expression",
  "binary_operator",
  "boolean_operator",
  "comparison_operator",
  "not_operator",
  "conditional_expression",
  "string",
  "concatenated_string",
  "attribute",
  "subscript",
  "decorator",
  "return_statement",
  "raise_statement",
  "assert_statement",
]);

export const mayDefine = (type: string): boolean => !expressions.has(type);

/**
 * Every class and function at any depth, and the variables of modules and classes. Definitions of the same name are all
 * kept, in the order of the file.
 */
export function structureOf(root: SyntaxNode, text: string): Structure {
  const definitions: Definition[] = [];
  const importLines: LineRange[] = [];
  walk(root, (node) => {
    if (scopes.includes(node.type)) {
      const kind = node.type === "class_definition" ? "class" : "function";
      const whole = node.parent?.type === "decorated_definition" ? node.parent : node;
      definitions.push({ kind, name: qualifiedName(node, text), range: linesOf(whole, text) });
    }
    if (imports.includes(node.type) && ancestor(node, ["function_definition"]) === null) {
      importLines.push(linesOf(node, text));
    }
    if (node.type === "assignment" && ancestor(node, scopes)?.type !== "function_definition") {
      const prefix = prefixOf(node, text);
      for (const name of assignedNames(node, text)) {
        definitions.push({ kind: "variable", name: prefix + name, range: linesOf(node, text) });
      }
    }
    return undefined;
  });
  return { definitions, imports: importLines, lines: countLines(text) };
}

function qualifiedName(node: SyntaxNode, text: string): string {
  const name = childOfType(node, "identifier");
  return prefixOf(node, text) + (name === null ? "" : textOf(name, text));
}

function prefixOf(node: SyntaxNode, text: string): string {
  const scope = ancestor(node, scopes);
  return scope === null ? "" : `${qualifiedName(scope, text)}.`;
}

function assignedNames(assignment: SyntaxNode, text: string): string[] {
  const [left] = assignment.children;
  if (left === undefined) return [];
  const names: string[] = [];
  walk(left, (node) => {
    if (node.type === "identifier") names.push(textOf(node, text));
    return node.type !== "attribute" && node.type !== "subscript";
  });
  return names;
}

/** Some nodes end with their line's newline, which belongs to the line that it ends. */
function linesOf(node: SyntaxNode, text: string): LineRange {
  const own = textOf(node, text).trimEnd();
  return { first: node.row + 1, last: node.row + own.split("\n").length };
}
