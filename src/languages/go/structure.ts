import type { LineRange } from "../../domain/location.ts";
import { countLines } from "../../domain/text-lines.ts";
import type { Definition, Structure } from "../language.ts";
import { childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

/** Nodes in which nothing is defined for the whole package; the parser need not look into them. */
const closed = new Set(["block", "literal_value", "expression_list", "struct_type", "interface_type"]);

export const mayDefine = (type: string): boolean => !closed.has(type);

/** Functions, methods (`Type.Method`), types, and the variables and constants of the package. */
export function structureOf(root: SyntaxNode, text: string): Structure {
  const definitions: Definition[] = [];
  const imports: LineRange[] = [];
  const define = (kind: Definition["kind"], name: string, node: SyntaxNode): void => {
    if (name !== "_" && name !== "") definitions.push({ kind, name, range: linesOf(node) });
  };
  const linesOf = (node: SyntaxNode): LineRange => ({
    first: node.row + 1,
    last: node.row + textOf(node, text).trimEnd().split("\n").length,
  });
  walk(root, (node) => {
    switch (node.type) {
      case "import_declaration":
        imports.push(linesOf(node));
        return false;
      case "function_declaration":
        define("function", nameOf(node, "identifier", text), node);
        return false;
      case "method_declaration":
        define("function", `${receiverOf(node, text)}${nameOf(node, "field_identifier", text)}`, node);
        return false;
      case "type_spec":
      case "type_alias":
        define("class", nameOf(node, "type_identifier", text), wholeOf(node));
        return false;
      case "var_spec":
      case "const_spec":
        for (const name of specNames(node, text)) define("variable", name, wholeOf(node));
        return false;
      default:
        return undefined;
    }
  });
  return { definitions, imports, lines: countLines(text) };
}

function nameOf(node: SyntaxNode, type: string, text: string): string {
  const name = childOfType(node, type);
  return name === null ? "" : textOf(name, text);
}

/** `Cache.` for the receivers `(c Cache)`, `(c *Cache)` and `(*Cache[K, V])`. */
function receiverOf(method: SyntaxNode, text: string): string {
  const receiver = childOfType(method, "parameter_list");
  let name = "";
  if (receiver !== null) {
    walk(receiver, (node) => {
      if (node.type === "type_identifier" && name === "") name = `${textOf(node, text)}.`;
      return node.type !== "type_arguments";
    });
  }
  return name;
}

/** The names before the type or the value. */
function specNames(spec: SyntaxNode, text: string): string[] {
  const end = spec.children.findIndex((child) => child.type !== "identifier" && child.type !== ",");
  const names = end === -1 ? spec.children : spec.children.slice(0, end);
  return names.filter((child) => child.type === "identifier").map((child) => textOf(child, text));
}

/** The declaration with its keyword, unless it groups several. */
function wholeOf(spec: SyntaxNode): SyntaxNode {
  const { parent } = spec;
  return parent !== null && /^(type|var|const)_declaration$/.test(parent.type) && parent.row === spec.row
    ? parent
    : spec;
}
