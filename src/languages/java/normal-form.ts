import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

const comments = ["line_comment", "block_comment"];
const listed = ["array_initializer", "element_value_array_initializer", "enum_body"];
const members = ["program", "class_body", "interface_body", "annotation_type_body"];

/**
 * The tree as a nested list of its tokens: no comments, no line breaks, no parentheses that only group (the nesting
 * says it), no separators that mean nothing, and the imports in the order of the alphabet.
 */
export function normalFormOf(root: SyntaxNode, text: string): string {
  const imports = new Set<string>();
  const tokens: string[] = [];
  const idle = new Set<SyntaxNode>();
  walk(
    root,
    (node) => {
      if (idle.has(node) || meansNothing(node, text)) return false;
      const last = listed.includes(node.type) ? lastMember(node) : undefined;
      if (last?.type === ",") idle.add(last);
      if (node.type === "import_declaration") {
        imports.add(leavesOf(node, text).join(" "));
        return false;
      }
      if (isLeaf(node)) {
        if (node.end > node.start) tokens.push(textOf(node, text));
        return false;
      }
      if (node.type !== "parenthesized_expression") tokens.push(`(${node.type}`);
      return undefined;
    },
    (node) => {
      if (isLeaf(node) || node.type === "import_declaration") return;
      if (node.type !== "parenthesized_expression") tokens.push(")");
    },
  );
  return [...[...imports].sort(), ...tokens].join(" ");
}

const isLeaf = (node: SyntaxNode): boolean =>
  node.children.length === 0 || node.type === "string_literal" || node.type === "character_literal";

function leavesOf(root: SyntaxNode, text: string): string[] {
  const leaves: string[] = [];
  walk(root, (node) => {
    if (meansNothing(node, text)) return false;
    if (node.children.length === 0) leaves.push(textOf(node, text));
    return undefined;
  });
  return leaves;
}

function meansNothing(node: SyntaxNode, text: string): boolean {
  // javac reads Unicode escapes before it looks for comments, so one may end its comment.
  if (comments.includes(node.type)) return !textOf(node, text).includes("\\u");
  const { parent } = node;
  if (node.named || parent === null) return false;
  if (parent.type === "parenthesized_expression") return node.type === "(" || node.type === ")";
  return node.type === ";" && members.includes(parent.type);
}

/** What stands last in a list; a comma there means nothing. */
const lastMember = ({ children }: SyntaxNode): SyntaxNode | undefined =>
  children.findLast(
    ({ type }) => !(comments.includes(type) || type === "}" || type === "enum_body_declarations"),
  );
