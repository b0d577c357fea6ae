import { childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

/** What is started of a PoC's source, and the source with its own exits made known to the wrapper. */
export type PocSource = {
  /** Path of the file that javac wants the source in, after its package and its public class. */
  readonly path: string;
  /** Class to start, null when the source has neither a main method nor tests. */
  readonly start: string | null;
  readonly text: string;
};

const types = ["class_declaration", "record_declaration", "enum_declaration", "interface_declaration"];

/** `exit` is the method that replaces `System.exit`, with its class. */
export function analysePoc(root: SyntaxNode, text: string, exit: string): PocSource {
  const packageNode = childOfType(root, "package_declaration");
  const named = packageNode?.children.find(
    ({ type }) => type === "identifier" || type === "scoped_identifier",
  );
  const folder = named === undefined ? "" : `${textOf(named, text).replaceAll(/\s/g, "")}.`;
  const classes = root.children.filter(({ type }) => types.includes(type));
  const own = classes.find((node) => modifiersOf(node, text).includes("public"));
  const main = classes.find((node) => methods(node).some((method) => isMain(method, text)));
  const tests = classes.find((node) =>
    methods(node).some((method) => /@Test\b/.test(modifiersOf(method, text))),
  );
  const file = nameOf(own ?? main ?? classes[0], text) ?? "Poc";
  const start = nameOf(main ?? tests, text);
  return {
    path: `${folder.replaceAll(".", "/")}${file}.java`,
    start: start === null ? null : folder + start,
    text: withExit(root, text, exit),
  };
}

const methods = (node: SyntaxNode): readonly SyntaxNode[] =>
  node.children
    .filter(({ type }) => type.endsWith("_body"))
    .flatMap((body) => body.children)
    .flatMap((member) => (member.type === "enum_body_declarations" ? member.children : [member]))
    .filter(({ type }) => type === "method_declaration");

function isMain(method: SyntaxNode, text: string): boolean {
  const isStatic = /\bstatic\b/.test(modifiersOf(method, text));
  return isStatic && nameOf(method, text) === "main" && childOfType(method, "void_type") !== null;
}

const modifiersOf = (node: SyntaxNode, text: string): string => {
  const modifiers = childOfType(node, "modifiers");
  return modifiers === null ? "" : textOf(modifiers, text);
};

function nameOf(node: SyntaxNode | undefined, text: string): string | null {
  const name = node === undefined ? null : childOfType(node, "identifier");
  return name === null ? null : textOf(name, text);
}

/** Line numbers stay what they were. */
function withExit(root: SyntaxNode, text: string, exit: string): string {
  const parts: string[] = [];
  let kept = 0;
  walk(root, (node) => {
    if (node.type !== "method_invocation") return undefined;
    const [owner, , method] = node.children;
    if (owner === undefined || method === undefined || textOf(method, text) !== "exit") return undefined;
    if (/^(java\.lang\.)?System$/.test(textOf(owner, text))) {
      parts.push(text.slice(kept, owner.start), exit);
      kept = method.end;
    }
    return undefined;
  });
  return parts.join("") + text.slice(kept);
}
