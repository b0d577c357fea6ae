import { createRequire } from "node:module";
import { Language, Parser, type Tree } from "web-tree-sitter";
import { parseLimit } from "./parse-limit.ts";

/** A node of the concrete syntax tree. Indices count UTF-16 units of the parsed text, rows and columns start at 0. */
export type SyntaxNode = {
  readonly type: string;
  readonly named: boolean;
  readonly missing: boolean;
  readonly start: number;
  readonly end: number;
  readonly row: number;
  readonly column: number;
  readonly parent: SyntaxNode | null;
  readonly children: SyntaxNode[];
};

/**
 * Parses a text; the children of nodes for whose type `descend` is false are left out. The last tree is kept, for the next
 * question about the same text.
 */
export type ParseText = (text: string, descend?: (type: string) => boolean) => SyntaxNode;

let runtime: Promise<void> | null = null;

/** Once: a second start beside the first would replace the memory that grammars have been loaded into. */
const startRuntime = (): Promise<void> => (runtime ??= Parser.init());

/**
 * Loads a grammar that VS Code ships (`python`, `go`, `tsx`, ...) and gives a parser on it; parsing itself is
 * synchronous and never fails: a text that takes too long is one error. `simpler` may give the grammar another text that means the same and is as long.
 */
export async function loadParser(
  name: string,
  simpler: (text: string) => string = (text) => text,
): Promise<ParseText> {
  await startRuntime();
  const grammar = createRequire(import.meta.url).resolve(
    `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`,
  );
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = new Map<number, Kind>();
  const kindOf = (id: number): Kind => {
    const known = kinds.get(id);
    if (known !== undefined) return known;
    const kind = { type: language.nodeTypeForId(id) ?? "ERROR", named: language.nodeTypeIsNamed(id) };
    kinds.set(id, kind);
    return kind;
  };
  /** Of a text that was given up the tree is the same for every question. */
  let last: { readonly text: string; readonly descend: Descend | null; readonly root: SyntaxNode } | null =
    null;
  return (text, descend = everywhere) => {
    if (last?.text === text && (last.descend === null || last.descend === descend)) return last.root;
    const tree = parser.parse(simpler(text), null, { progressCallback: parseLimit(text.length) });
    if (tree === null) {
      parser.reset();
      last = { text, descend: null, root: givenUp(text) };
      return last.root;
    }
    try {
      last = { text, descend, root: plainTree(tree, kindOf, text, descend) };
    } finally {
      tree.delete();
    }
    return last.root;
  };
}

/** The tree of a text on which the parser spent all the time that it is given: one error. */
const givenUp = ({ length }: string): SyntaxNode => ({
  type: "ERROR",
  named: true,
  missing: false,
  start: 0,
  end: length,
  row: 0,
  column: 0,
  parent: null,
  children: [],
});

/** What the grammar says about all nodes of one type id. */
type Kind = { readonly type: string; readonly named: boolean };

type Descend = (type: string) => boolean;

const everywhere: Descend = () => true;

/** Copies the tree out of WebAssembly memory, where every look at a node is a call: so as few looks as possible. */
function plainTree(tree: Tree, kindOf: (id: number) => Kind, text: string, descend: Descend): SyntaxNode {
  const cursor = tree.walk();
  let row = 0;
  let lineStart = 0;
  let nextLine = text.indexOf("\n") + 1;
  const plain = (parent: SyntaxNode | null): SyntaxNode => {
    const { nodeTypeId, startIndex: start, endIndex: end } = cursor;
    const { type, named } = kindOf(nodeTypeId);
    // Nodes are visited in the order in which they start, so the line only moves on.
    while (nextLine > 0 && nextLine <= start) {
      row += 1;
      lineStart = nextLine;
      nextLine = text.indexOf("\n", lineStart) + 1;
    }
    return {
      type,
      named,
      missing: start === end && cursor.nodeIsMissing,
      start,
      end,
      row,
      column: start - lineStart,
      parent,
      children: [],
    };
  };
  const root = plain(null);
  for (let current: SyntaxNode | null = root; current !== null;) {
    let parent: SyntaxNode | null = current;
    if (!descend(current.type) || !cursor.gotoFirstChild()) {
      parent = current.parent;
      while (parent !== null && !cursor.gotoNextSibling()) {
        cursor.gotoParent();
        parent = parent.parent;
      }
    }
    current = parent === null ? null : plain(parent);
    if (current !== null) parent?.children.push(current);
  }
  cursor.delete();
  return root;
}

/**
 * Visits the tree in document order; `enter` may return false to leave a node's children out. Written without
 * recursion: untrusted text nests as deeply as it likes.
 */
export function walk(
  root: SyntaxNode,
  enter: (node: SyntaxNode) => boolean | undefined,
  leave?: (node: SyntaxNode) => void,
): void {
  const stack: Array<{ node: SyntaxNode; leaving: boolean }> = [{ node: root, leaving: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if (top.leaving) {
      leave?.(top.node);
      continue;
    }
    const descend = enter(top.node) !== false;
    stack.push({ node: top.node, leaving: true });
    if (!descend) continue;
    for (let index = top.node.children.length - 1; index >= 0; index -= 1) {
      const node = top.node.children[index];
      if (node !== undefined) stack.push({ node, leaving: false });
    }
  }
}

/** The nearest of the node's ancestors that is of one of `types`. */
export function ancestor(node: SyntaxNode, types: readonly string[]): SyntaxNode | null {
  for (let above = node.parent; above !== null; above = above.parent) {
    if (types.includes(above.type)) return above;
  }
  return null;
}

export const childOfType = (node: SyntaxNode, type: string): SyntaxNode | null =>
  node.children.find((child) => child.type === type) ?? null;

export const textOf = (node: SyntaxNode, text: string): string => text.slice(node.start, node.end);
