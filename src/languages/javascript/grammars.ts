import { loadParser, walk, type ParseText, type SyntaxNode } from "../syntax-tree.ts";

export type Grammars = {
  /** Parses JavaScript or TypeScript, with or without JSX, whichever the text is. */
  readonly parse: (text: string) => SyntaxNode;
  /** Whether the text is TypeScript and no JavaScript. */
  readonly isTypeScript: (text: string) => boolean;
};

const typeScript =
  /^[ \t]*(export\s+)?(default\s+)?(interface|declare|enum|namespace|abstract|type\s+\w+\s*[=<])\b|^[ \t]*import type\b|[\w)?\]]\s*:\s*(string|number|boolean|void|unknown|any|never|Promise<|Array<|Record<|[A-Z]\w*[\s,;)=[\]|])/m;

/**
 * Loads the three grammars. Only the text is known, not its file name: the grammar that reads it without an error is the
 * right one, and of several the first that is tried. When all find errors, the one that finds fewest.
 */
export async function loadGrammars(): Promise<Grammars> {
  const [script, tsx, typescript] = await Promise.all([
    loadParser("javascript"),
    loadParser("tsx"),
    loadParser("typescript"),
  ]);
  return {
    parse: (text) =>
      bestTree(typeScript.test(text) ? [tsx, typescript, script] : [script, tsx, typescript], text),
    isTypeScript: (text) =>
      countErrors(script(text)) > 0 && countErrors(bestTree([tsx, typescript], text)) === 0,
  };
}

function bestTree(grammars: readonly ParseText[], text: string): SyntaxNode {
  let best: { root: SyntaxNode; errors: number } | null = null;
  for (const parse of grammars) {
    const root = parse(text);
    const errors = countErrors(root);
    if (best === null || errors < best.errors) best = { root, errors };
    if (errors === 0) break;
  }
  if (best === null) throw new Error("there is no grammar");
  return best.root;
}

/** Characters inside of errors count, so that a grammar that gives up on half of the file does not win. */
function countErrors(root: SyntaxNode): number {
  let errors = 0;
  walk(root, (node) => {
    if (node.missing) errors += 1;
    if (node.type === "ERROR") errors += 1 + node.end - node.start;
    return node.type !== "ERROR";
  });
  return errors;
}
