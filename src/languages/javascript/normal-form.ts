import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const lists = new Set([
  "arguments",
  "formal_parameters",
  "object",
  "object_pattern",
  "array",
  "array_pattern",
  "named_imports",
  "export_clause",
  "enum_body",
  "type_parameters",
  "type_arguments",
  "tuple_type",
]);
/** Of these, a separator is as good as another, and as none at a line's end. */
const members = new Set(["interface_body", "object_type", "class_body"]);
const blocks = new Set(["program", "statement_block", "class_body", "switch_case", "switch_default"]);
const raw = new Set(["template_string", "regex"]);
const chains = new Set(["member_expression", "call_expression", "subscript_expression"]);

/**
 * The tree as a nested list of its tokens: no comments, no line breaks, no parentheses that only group (the nesting says
 * it), no trailing commas and no semicolons that mean nothing, one kind of quotes.
 */
export function normalFormOf(root: SyntaxNode, text: string): string {
  const tokens: string[] = [];
  const idle = new Set<SyntaxNode>();
  walk(
    root,
    (node) => {
      if (meansNothing(node, idle)) return false;
      const comma = lists.has(node.type) ? trailingComma(node) : null;
      if (comma !== null) idle.add(comma);
      const token = tokenOf(node, text);
      if (token !== null) {
        if (token !== "") tokens.push(token);
        return false;
      }
      if (!isGrouping(node, text)) tokens.push(`(${node.type}`);
      return undefined;
    },
    (node) => {
      if (node.children.length === 0 || meansNothing(node, idle) || tokenOf(node, text) !== null) return;
      if (!isGrouping(node, text)) tokens.push(")");
    },
  );
  return tokens.join(" ");
}

/** The node as one token, null when its children say what it is. */
function tokenOf(node: SyntaxNode, text: string): string | null {
  if (node.type === "string") return quoted(node, text);
  if (node.type === "jsx_text") return visibleText(textOf(node, text));
  if (raw.has(node.type)) return textOf(node, text);
  const parameter = lonelyParameter(node);
  if (parameter !== null) return textOf(parameter, text);
  if (node.children.length > 0) return null;
  if (node.end > node.start && node.type !== "empty_statement") return textOf(node, text);
  return node.named ? `(${node.type})` : "";
}

/** `idle` are the trailing commas of the lists above. */
function meansNothing(node: SyntaxNode, idle: ReadonlySet<SyntaxNode>): boolean {
  if (node.type === "comment" || node.type === "html_comment") return true;
  const { parent } = node;
  if (parent === null) return false;
  if (node.type === "empty_statement") return blocks.has(parent.type);
  if (node.named) return false;
  if (node.type === ";") return parent.type !== "for_statement" && parent.type !== "for_in_statement";
  if (node.type === "(" || node.type === ")") return parent.type === "parenthesized_expression";
  if (node.type !== ",") return false;
  return members.has(parent.type) || idle.has(node);
}

/** The comma behind the last member of a list; null without one, and where it stands for a hole of an array. */
function trailingComma(list: SyntaxNode): SyntaxNode | null {
  const children = list.children.filter((child) => child.type !== "comment");
  const at = children.findLastIndex((child) => child.named || !/^[)\]}>]$/.test(child.type));
  const [before, last] = [children[at - 1], children[at]];
  if (last === undefined || last.named || last.type !== ",") return null;
  return before === undefined || before.type === "," || before.type === "[" ? null : last;
}

/** Whether parentheses do nothing but group. They do more around a chain that `?.` may cut short, and around a directive. */
function isGrouping(node: SyntaxNode, text: string): boolean {
  if (node.type !== "parenthesized_expression") return false;
  const inner = node.children.find((child) => child.named && child.type !== "comment");
  if (inner === undefined || node.parent === null) return true;
  if (inner.type === "string") return node.parent.type !== "expression_statement";
  return !(chains.has(inner.type) && chains.has(node.parent.type) && textOf(inner, text).includes("?."));
}

/** The name in `(x) => y`, which is the same as `x => y`. */
function lonelyParameter(node: SyntaxNode): SyntaxNode | null {
  if (node.type !== "formal_parameters" || node.parent?.type !== "arrow_function") return null;
  const named = node.children.filter((child) => child.named && child.type !== "comment");
  let [only] = named;
  if (only?.type === "required_parameter" && only.children.length === 1) [only] = only.children;
  return named.length === 1 && only?.type === "identifier" ? only : null;
}

/** The string in one kind of quotes. An attribute of JSX has no escapes. */
function quoted(node: SyntaxNode, text: string): string {
  const inner = text.slice(node.start + 1, node.end - 1);
  const plain =
    node.parent?.type === "jsx_attribute"
      ? inner
      : inner.replaceAll(/\\([\s\S])/g, (whole, escaped: string) =>
          escaped === "'" || escaped === '"' ? escaped : whole,
        );
  return `'${plain.replaceAll("'", "\\'")}'`;
}

/** White space with a line break in it is formatting to JSX. */
const visibleText = (text: string): string => {
  const visible = text.replaceAll(/(?<![ \t])[ \t]*\n\s*/g, "\n").replaceAll(/^\n|\n$/g, "");
  return visible === "" ? "" : JSON.stringify(visible.replaceAll("\n", " "));
};
