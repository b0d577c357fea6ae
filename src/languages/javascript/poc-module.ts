import { textOf, walk, type SyntaxNode } from "../syntax-tree.ts";
import { functions } from "./definition-name.ts";

export type PocModule = {
  readonly kind: "module" | "commonjs";
  readonly typescript: boolean;
  /** How many folders below the tree's root the script believes to lie: as many as its imports begin with `..`. */
  readonly depth: number;
  /** The source, with the lines as they were. */
  readonly source: string;
};

/** Name of the function that the guard gives to scripts, see poc_guard.cjs. */
export const waitsFor = "copatcherWaitsFor";

/**
 * What a script needs to run. One that mixes `import` and `require` is a module that gets a `require`; and calls whose
 * value the script drops are handed to the guard, which knows by that when a promise never came to its end.
 */
export function pocModule(source: string, root: SyntaxNode, typescript: boolean): PocModule {
  const text = source.replace(/^#!/, "//");
  const isModule = hasModuleSyntax(root);
  const kind = isModule ? "module" : "commonjs";
  const wantsRequire = isModule && /(^|[^.\w$])require\s*[.(]/m.test(text) && !/\bcreateRequire\b/.test(text);
  const prelude = wantsRequire
    ? 'import { createRequire as copatcherRequire } from "node:module"; const require = copatcherRequire(import.meta.url); '
    : "";
  return { kind, typescript, depth: depthOf(text), source: prelude + watched(root, text) };
}

function hasModuleSyntax(root: SyntaxNode): boolean {
  let found = false;
  walk(root, (node) => {
    if (found) return false;
    if (node.type === "import_statement" || node.type === "export_statement") {
      found = !node.children.some((child) => child.type === "import_require_clause" || child.type === "=");
    }
    if (node.type === "await_expression" || node.type === "meta_property") found = true;
    if (node.type === "for_in_statement" && node.children.some((child) => child.type === "await"))
      found = true;
    // Inside of functions `await` means nothing, and `new.target` is no `import.meta`.
    return !functions.has(node.type);
  });
  return found;
}

function depthOf(text: string): number {
  const climbs = [...text.matchAll(/\b(?:from|import|require)\s*(?:\(\s*)?['"`]((?:\.\.\/)+)/g)];
  return Math.min(4, Math.max(0, ...climbs.map(([, climb = ""]) => climb.length / 3)));
}

function watched(root: SyntaxNode, text: string): string {
  const marks: Array<{ readonly at: number; readonly text: string }> = [];
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (node.type !== "expression_statement") return undefined;
    const [value] = node.children;
    const call = value?.type === "unary_expression" ? value.children.at(-1) : value;
    if (call?.type !== "call_expression" || isPlain(call, text)) return undefined;
    marks.push({ at: call.start, text: `${waitsFor}(` }, { at: call.end, text: ")" });
    return undefined;
  });
  // A call may lie in a function that is an argument of another one.
  for (const mark of marks.sort((a, b) => a.at - b.at)) {
    parts.push(text.slice(kept, mark.at), mark.text);
    kept = mark.at;
  }
  return parts.join("") + text.slice(kept);
}

/** Not worth waiting for; and a constructor must call `super` itself. */
const isPlain = (call: SyntaxNode, text: string): boolean =>
  /^(console|assert|require|super)\b/.test(textOf(call, text));
