import type { CodeNode } from "./code-tree.ts";

/** Targets and the values that reach them; `apart` when each value word is an edge of its own. */
export type Assigned = {
  readonly pairs: ReadonlyArray<readonly [target: CodeNode, value: CodeNode]>;
  readonly apart: boolean;
};

/** What a node does with values, the same for every language. */
export type Construct =
  | { readonly kind: "define"; readonly name: CodeNode; readonly value: CodeNode | null }
  | ({ readonly kind: "assign" } & Assigned)
  | { readonly kind: "update" }
  /** From the first alternative on, each part starts from what held before the branch. */
  | {
      readonly kind: "branch";
      readonly parts: ReadonlyArray<{ readonly node: CodeNode; readonly alternative: boolean }>;
      /** What held before may hold after: no part is sure to run. */
      readonly mayBeSkipped: boolean;
    }
  /** Runs `first`, then `again`, so that values reach the next round. */
  | { readonly kind: "loop"; readonly first: readonly CodeNode[]; readonly again: readonly CodeNode[] }
  | ({ readonly kind: "for-each"; readonly body: CodeNode | null } & Assigned)
  | { readonly kind: "sequence"; readonly parts: readonly CodeNode[] };

/** How one language's nodes read; null for those that only hold others. */
export type ReadConstruct = (node: CodeNode) => Construct | null;

/** The child that follows a fixed word. */
export function after(node: CodeNode, word: string): CodeNode | null {
  const place = node.children.findIndex(({ type }) => type === word);
  return place < 0 ? null : (node.children[place + 1] ?? null);
}
