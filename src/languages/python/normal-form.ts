import { isDocstring } from "./docstring.ts";
import { isLastMember } from "../last-member.ts";
import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const parenthesised = ["parenthesized_expression", "import_from_statement", "with_clause"];
const listed = [
  "argument_list",
  "parameters",
  "lambda_parameters",
  "list",
  "dictionary",
  "set",
  "list_pattern",
  "import_from_statement",
  "with_clause",
];
const tuples = ["tuple", "tuple_pattern", "expression_list", "pattern_list"];

/**
 * The tree as a nested list of its tokens: no comments, no docstrings, no line breaks, no parentheses that only group
 * (the nesting says it), no trailing commas that mean nothing. The indentation is in the nesting of the blocks.
 */
export function normalFormOf(root: SyntaxNode, text: string): string {
  const tokens: string[] = [];
  walk(
    root,
    (node) => {
      if (meansNothing(node) || isDocstring(node, text)) return false;
      if (node.type === "string" || node.children.length === 0) {
        if (node.type === "string" || node.end > node.start) tokens.push(textOf(node, text));
        else if (node.named) tokens.push(`(${node.type})`);
        return false;
      }
      if (node.type !== "parenthesized_expression") tokens.push(`(${node.type}`);
      return undefined;
    },
    (node) => {
      if (node.type === "string" || node.type === "parenthesized_expression") return;
      if (node.children.length > 0 && !isDocstring(node, text)) tokens.push(")");
    },
  );
  return tokens.join(" ");
}

/** The form of a module from those of its pieces (see modulePieces). */
export function joinForms(forms: readonly string[]): string {
  const [only = ""] = forms;
  if (forms.length === 1) return only;
  const inner = forms
    .filter((form) => form.startsWith(opening))
    .map((form) => form.slice(opening.length, -closing.length))
    .filter((form) => form !== "");
  return opening + inner.join(" ") + closing;
}

const [opening, closing] = ["(module ", " )"];

function meansNothing(node: SyntaxNode): boolean {
  if (node.type === "comment" || node.type === "line_continuation" || node.type === ";") return true;
  const { parent } = node;
  if (node.named || parent === null) return false;
  if (node.type === "(" || node.type === ")") return parenthesised.includes(parent.type);
  if (node.type !== "," || !isLastMember(node, parent)) return false;
  if (listed.includes(parent.type)) return true;
  const members = parent.children.filter((child) => child.named && child.type !== "comment");
  return tuples.includes(parent.type) && members.length > 1;
}
