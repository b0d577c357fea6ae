import type { CodeNode } from "./code-tree.ts";
import { after, type Construct, type ReadConstruct } from "./construct.ts";

type Names = {
  readonly assignments: readonly string[];
  /** The declaration in a `for`'s head; what follows it runs again. */
  readonly loopDeclaration: string;
  /** Whether what held before an `if` is always kept. */
  readonly keepsBefore: boolean;
};

/** Java as CodeBLEU's authors read it. */
export const javaConstruct = readerOf({
  assignments: ["assignment_expression"],
  loopDeclaration: "local_variable_declaration",
  keepsBefore: false,
});

/** JavaScript as CodeBLEU's authors read it: a plain assignment is none of theirs. */
export const javaScriptConstruct = readerOf({
  assignments: ["assignment_pattern", "augmented_assignment_expression"],
  loopDeclaration: "variable_declaration",
  keepsBefore: true,
});

function readerOf(names: Names): ReadConstruct {
  return (node) => {
    if (names.assignments.includes(node.type)) return assignment(node);
    switch (node.type) {
      case "variable_declarator": {
        const [name] = node.children;
        return name === undefined ? null : { kind: "define", name, value: after(node, "=") };
      }
      case "update_expression":
        return { kind: "update" };
      case "if_statement":
        return branch(node, names.keepsBefore);
      case "for_statement": {
        const declared = node.children.findIndex(({ type }) => type === names.loopDeclaration);
        const again = declared < 0 ? [] : node.children.slice(declared + 1);
        return { kind: "loop", first: node.children, again };
      }
      case "enhanced_for_statement":
        return forEach(node);
      case "while_statement":
        return { kind: "loop", first: node.children, again: node.children };
      default:
        return null;
    }
  };
}

function assignment(node: CodeNode): Construct | null {
  const [target, value] = [node.children[0], node.children.at(-1)];
  if (target === undefined || value === undefined) return null;
  return { kind: "assign", pairs: [[target, value]], apart: true };
}

/** Everything from the word `else` or a nested `if` on is an alternative. */
function branch(node: CodeNode, keepsBefore: boolean): Construct {
  const start = node.children.findIndex(({ type }) => type === "else" || type === "if_statement");
  return {
    kind: "branch",
    parts: node.children.map((child, place) => ({ node: child, alternative: start >= 0 && place >= start })),
    mayBeSkipped: keepsBefore || !node.children.some(({ type }) => type.includes("else")),
  };
}

function forEach(node: CodeNode): Construct | null {
  const colon = node.children.findIndex(({ type }) => type === ":");
  const [name, value] = [node.children[colon - 1], node.children[colon + 1]];
  if (name === undefined || value === undefined) return null;
  return { kind: "for-each", pairs: [[name, value]], apart: true, body: node.children.at(-1) ?? null };
}
