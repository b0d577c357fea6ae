import type { CodeNode } from "./code-tree.ts";
import { after, type Construct } from "./construct.ts";

/** Python as CodeBLEU's authors read it, their omissions included, so that scores can be compared. */
export function pythonConstruct(node: CodeNode): Construct | null {
  switch (node.type) {
    case "default_parameter": {
      const [name] = node.children;
      return name === undefined ? null : { kind: "define", name, value: after(node, "=") };
    }
    case "assignment":
    case "augmented_assignment":
      return assignment(node);
    case "for_in_clause": {
      const [target, value] = [after(node, "for"), node.children.at(-1)];
      if (target === null || value === undefined) return null;
      return { kind: "assign", pairs: [[target, value]], apart: false };
    }
    case "if_statement": {
      const alternatives = ["elif_clause", "else_clause"];
      return {
        kind: "branch",
        parts: node.children.map((child) => ({
          node: child,
          alternative: alternatives.includes(child.type),
        })),
        mayBeSkipped: !node.children.some(({ type }) => type === "else_clause"),
      };
    }
    case "for_statement": {
      const [target, value] = [after(node, "for"), after(node, "in")];
      if (target === null || value === null) return null;
      const last = node.children.at(-1);
      const body = last?.type === "block" ? last : null;
      return { kind: "for-each", pairs: pairsOf(target, value), apart: false, body };
    }
    case "while_statement":
      return { kind: "loop", first: node.children, again: node.children };
    default:
      return comprehensionFirst(node);
  }
}

/** A bare annotation gives no value. */
function assignment(node: CodeNode): Construct {
  const [target, value] = [node.children[0], node.children.at(-1)];
  const assigns = node.type === "augmented_assignment" || after(node, "=") !== null;
  if (!assigns || target === undefined || value === undefined) return { kind: "sequence", parts: [] };
  return { kind: "assign", pairs: pairsOf(target, value), apart: false };
}

/** `a, b = c, d` side by side; otherwise one target and one value. */
function pairsOf(target: CodeNode, value: CodeNode): ReadonlyArray<readonly [CodeNode, CodeNode]> {
  const [targets, values] = [target, value].map(({ children }) =>
    children.filter(({ type }) => type !== ","),
  );
  if (targets === undefined || values === undefined) return [];
  if (targets.length !== values.length || targets.length === 0) return [[target, value]];
  return targets.flatMap((one, place) => {
    const other = values[place];
    return other === undefined ? [] : [[one, other] as const];
  });
}

/** A comprehension's loop is written after the words that use its variable. */
function comprehensionFirst(node: CodeNode): Construct | null {
  const loops = node.children.filter(({ type }) => type === "for_in_clause");
  if (loops.length === 0) return null;
  return {
    kind: "sequence",
    parts: [...loops, ...node.children.filter(({ type }) => type !== "for_in_clause")],
  };
}
