import { childOfType, textOf, type SyntaxNode } from "../syntax-tree.ts";

export const functions: ReadonlySet<string> = new Set([
  "function_declaration",
  "generator_function_declaration",
  "function_expression",
  "generator_function",
  "arrow_function",
  "method_definition",
  "function_signature",
  "abstract_method_signature",
]);

export const classes: ReadonlySet<string> = new Set([
  "class_declaration",
  "abstract_class_declaration",
  "class",
  "interface_declaration",
  "enum_declaration",
  "type_alias_declaration",
  "internal_module",
  "module",
]);

const names = [
  "identifier",
  "type_identifier",
  "property_identifier",
  "private_property_identifier",
  "nested_identifier",
  "string",
  "number",
  "computed_property_name",
];

/** What a node is called by itself or by what it is bound to, null when it has no name. */
export function nameOf(node: SyntaxNode, text: string): string | null {
  const bound = boundTo(node, text);
  if (bound !== null) return bound;
  // An arrow function's first identifier is its parameter.
  if (node.type === "arrow_function") return null;
  return ownName(node, text);
}

/** The left side that a function, class or object is the value of, without what only says where it is exported. */
function boundTo(node: SyntaxNode, text: string): string | null {
  const { parent } = node;
  if (parent === null || parent.children.at(-1) !== node) return null;
  switch (parent.type) {
    case "variable_declarator":
    case "pair":
    case "field_definition":
    case "public_field_definition":
      return ownName(parent, text);
    case "assignment_expression": {
      const [left] = parent.children;
      return left === undefined ? null : shortName(textOf(left, text));
    }
    case "parenthesized_expression":
      return boundTo(parent, text);
    default:
      return null;
  }
}

function ownName(node: SyntaxNode, text: string): string | null {
  const name = node.children.find((child) => names.includes(child.type));
  return name === undefined ? null : textOf(name, text).replace(/^(['"])(.*)\1$/s, "$2");
}

/** `Foo.prototype.bar` is `Foo.bar`, `module.exports.baz` is `baz`; null for the exports as a whole. */
function shortName(left: string): string | null {
  if (!/^[\w$.#]+$/.test(left)) return null;
  const name = left
    .replace(/^(module\.)?exports\b\.?/, "")
    .replace(/\.prototype\b/, "")
    .replace(/^this\./, "");
  return name === "" ? null : name;
}

/** The nearest named thing around the node: `Outer.inner.`, or nothing. */
export function prefixOf(node: SyntaxNode, text: string): string {
  for (let above = node.parent; above !== null; above = above.parent) {
    if (!functions.has(above.type) && !classes.has(above.type) && above.type !== "object") continue;
    const name = above.type === "object" ? boundTo(above, text) : nameOf(above, text);
    if (name !== null) return `${prefixOf(above, text)}${name}.`;
  }
  return "";
}

/** The declaration that holds the node, with `export`, decorators and the end of the statement. */
export function wholeOf(node: SyntaxNode): SyntaxNode {
  let whole = node;
  for (let above = node.parent; above !== null; above = above.parent) {
    if (!wrappers.includes(above.type) && !declaresOne(above)) break;
    whole = above;
  }
  return whole;
}

const declaresOne = ({ type, children }: SyntaxNode): boolean =>
  ["lexical_declaration", "variable_declaration"].includes(type) &&
  children.filter((child) => child.type === "variable_declarator").length === 1;

const wrappers = [
  "variable_declarator",
  "assignment_expression",
  "pair",
  "field_definition",
  "public_field_definition",
  "expression_statement",
  "export_statement",
  "ambient_declaration",
];

export const isRequire = (node: SyntaxNode, text: string): boolean => {
  const value = node.children.at(-1);
  const call =
    value?.type === "member_expression" || value?.type === "call_expression" ? textOf(value, text) : "";
  return /^require\s*\(/.test(call) && (value === undefined || childOfType(node, "=") !== null);
};
