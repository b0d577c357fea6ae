import { textOf, walk, type SyntaxNode } from "../../languages/syntax-tree.ts";

/** A syntax tree without comments and docstrings, its words numbered in their order. */
export type CodeNode = {
  readonly type: string;
  readonly named: boolean;
  readonly children: CodeNode[];
  /** What stands here, for a word; a string is one word, whatever it consists of. */
  readonly word: { readonly text: string; readonly place: number } | null;
};

const strings = ["string", "string_literal", "character_literal"];

export function codeTree(
  root: SyntaxNode,
  text: string,
  isDocstring: (node: SyntaxNode, text: string) => boolean,
): CodeNode {
  let words = 0;
  let insideString = 0;
  const top: CodeNode = { type: "", named: false, children: [], word: null };
  const parents = [top];
  walk(
    root,
    (node) => {
      if (node !== root && (isComment(node) || isDocstring(node, text))) {
        parents.push({ ...top, children: [] });
        return false;
      }
      const string = strings.includes(node.type);
      const isWord = insideString === 0 && (string || node.children.length === 0);
      const word = isWord ? { text: textOf(node, text), place: words } : null;
      if (isWord) words += 1;
      if (string) insideString += 1;
      const copy: CodeNode = { type: node.type, named: node.named, children: [], word };
      parents.at(-1)?.children.push(copy);
      parents.push(copy);
      return undefined;
    },
    (node) => {
      const left = parents.pop();
      if (left?.type === node.type && strings.includes(node.type)) insideString -= 1;
    },
  );
  return top.children[0] ?? top;
}

const isComment = ({ type }: SyntaxNode): boolean => type.endsWith("comment");

/** The words below a node that are not fixed by the grammar: names, literals, whole strings. */
export function freeWords(node: CodeNode): ReadonlyArray<{ readonly text: string; readonly place: number }> {
  const found: Array<{ readonly text: string; readonly place: number }> = [];
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.word !== null && isFree(next)) found.push(next.word);
    if (next.word === null) open.push(...next.children.toReversed());
  }
  return found;
}

export const isFree = ({ type, word }: CodeNode): boolean => word !== null && type !== word.text;
