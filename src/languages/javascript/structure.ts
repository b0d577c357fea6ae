import type { LineRange } from "../../domain/location.ts";
import { countLines } from "../../domain/text-lines.ts";
import type { Definition, Structure } from "../language.ts";
import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";
import { classes, functions, isRequire, nameOf, prefixOf, wholeOf } from "./definition-name.ts";

const declarations = ["lexical_declaration", "variable_declaration"];
const fields = ["field_definition", "public_field_definition"];
const patterns = ["identifier", "shorthand_property_identifier_pattern"];

/**
 * Every named function, method and class at any depth, also those bound to a variable, a property or an export, and the
 * variables of modules and classes. Definitions of the same name are all kept, in the order of the file.
 */
export function structureOf(root: SyntaxNode, text: string): Structure {
  const definitions: Definition[] = [];
  const imports: LineRange[] = [];
  let depth = 0;
  const define = (kind: Definition["kind"], node: SyntaxNode, name: string): void => {
    definitions.push({ kind, name: prefixOf(node, text) + name, range: linesOf(node, text) });
  };
  walk(
    root,
    (node) => {
      if (functions.has(node.type) || classes.has(node.type)) {
        const name = nameOf(node, text);
        if (name !== null) define(functions.has(node.type) ? "function" : "class", node, name);
      }
      if (depth === 0) {
        if (isImport(node, text)) imports.push(linesOf(node, text));
        else if (declarations.includes(node.type) || fields.includes(node.type)) {
          for (const name of variableNames(node, text)) define("variable", node, name);
        }
      }
      if (functions.has(node.type)) depth += 1;
      return undefined;
    },
    (node) => {
      if (functions.has(node.type)) depth -= 1;
    },
  );
  return { definitions, imports, lines: countLines(text) };
}

function isImport(node: SyntaxNode, text: string): boolean {
  if (node.type === "import_statement") return true;
  if (node.type === "export_statement") return node.children.some((child) => child.type === "from");
  if (declarations.includes(node.type)) {
    const declared = node.children.filter((child) => child.type === "variable_declarator");
    return declared.length > 0 && declared.every((child) => isRequire(child, text));
  }
  return node.type === "expression_statement" && /^require\s*\(/.test(textOf(node, text));
}

/** Names that a declaration or a field gives to what is neither a function nor a class. */
function variableNames(node: SyntaxNode, text: string): string[] {
  const owners = fields.includes(node.type)
    ? [node]
    : node.children.filter((child) => child.type === "variable_declarator" && !isRequire(child, text));
  return owners.flatMap((owner) => {
    const value = owner.children.at(-1);
    if (value !== undefined && (functions.has(value.type) || classes.has(value.type))) return [];
    if (fields.includes(owner.type)) {
      const name = owner.children.find((child) => child.type.endsWith("property_identifier"));
      return name === undefined ? [] : [textOf(name, text)];
    }
    const [pattern] = owner.children;
    return pattern === undefined ? [] : boundNames(pattern, text);
  });
}

function boundNames(pattern: SyntaxNode, text: string): string[] {
  const names: string[] = [];
  walk(pattern, (node) => {
    if (patterns.includes(node.type)) names.push(textOf(node, text));
    return undefined;
  });
  return names;
}

function linesOf(node: SyntaxNode, text: string): LineRange {
  const whole = wholeOf(node);
  const siblings = whole.parent?.children ?? [];
  let first = whole;
  for (let at = placeAmong(siblings, whole) - 1; siblings[at]?.type === "decorator"; at -= 1) {
    first = siblings[at] ?? first;
  }
  const last = whole.row + textOf(whole, text).split("\n").length;
  return { first: first.row + 1, last };
}

const places = new WeakMap<readonly SyntaxNode[], ReadonlyMap<SyntaxNode, number>>();

/** Every definition asks, and a module may have many: its list is gone through once. */
function placeAmong(siblings: readonly SyntaxNode[], node: SyntaxNode): number {
  let known = places.get(siblings);
  if (known === undefined) {
    known = new Map(siblings.map((sibling, at) => [sibling, at]));
    places.set(siblings, known);
  }
  return known.get(node) ?? -1;
}
