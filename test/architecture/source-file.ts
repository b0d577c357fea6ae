import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ESTree, parseSync, Visitor } from "vite";

/** A file of the repository; `path` is relative to its root, with forward slashes. */
export type SourceFile = { readonly path: string; readonly text: string };

export type Mention = { readonly name: string; readonly line: number };

/** What the rules need to know of one TypeScript file. */
export type Analysis = {
  readonly path: string;
  /** Every module it names: import, export-from, `import()` and `import("x").T`. */
  readonly imports: readonly (Mention & { readonly typeOnly: boolean })[];
  /** Dotted names it uses (`process.env`, `Date.now`), and constructs written as `new Date()` or `as unknown as`. */
  readonly uses: readonly Mention[];
  readonly onlyReExports: boolean;
};

/** All files below `folder`; of fixtures only the code that makes them. */
export function readSources(folder: string): readonly SourceFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"))
    .filter((path) => !path.includes("/fixtures/") || path.endsWith(".ts"))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(path, "utf8") }));
}

/** Parses one file with the TypeScript parser that vite ships; throws when it has a syntax error. */
export function analyse(file: SourceFile): Analysis {
  const parsed = parseSync(file.path, file.text, { lang: "ts" });
  if (parsed.errors.length > 0) throw new Error(`${file.path}: ${parsed.errors[0]?.message}`);
  const imports: (Mention & { typeOnly: boolean })[] = [];
  const uses: Mention[] = [];
  const lineAt = (offset: number) => file.text.slice(0, offset).split("\n").length;
  const use = (name: string | null, node: { start: number }) => {
    if (name !== null) uses.push({ name: name.replace(/^globalThis\./, ""), line: lineAt(node.start) });
  };
  const importOf = (source: ESTree.Expression | null, typeOnly: boolean, node: { start: number }) => {
    if (source === null) return;
    const name = literalOf(source) ?? "(computed)";
    imports.push({ name, typeOnly, line: lineAt(node.start) });
  };

  new Visitor({
    ImportDeclaration(node) {
      importOf(node.source, node.importKind === "type", node);
      for (const specifier of node.specifiers) {
        if (specifier.type !== "ImportSpecifier") continue;
        use(`${node.source.value.replace(/^node:/, "")}.${nameOf(specifier.imported)}`, node);
      }
    },
    ExportNamedDeclaration: (node) => importOf(node.source, node.exportKind === "type", node),
    ExportAllDeclaration(node) {
      importOf(node.source, node.exportKind === "type", node);
      use("export *", node);
    },
    ImportExpression: (node) => importOf(node.source, false, node),
    TSImportType: (node) => importOf(node.source, true, node),
    MemberExpression: (node) => use(dottedName(node), node),
    VariableDeclarator(node) {
      if (node.init?.type !== "Identifier" || node.id.type !== "ObjectPattern") return;
      for (const property of node.id.properties) {
        if (property.type === "Property" && property.key.type === "Identifier")
          use(`${node.init.name}.${property.key.name}`, node);
      }
    },
    NewExpression(node) {
      if (node.callee.type === "Identifier" && node.arguments.length === 0)
        use(`new ${node.callee.name}()`, node);
    },
    TSAsExpression(node) {
      const inner = node.expression;
      if (inner.type === "TSAsExpression" && inner.typeAnnotation.type === "TSUnknownKeyword")
        use("as unknown as", node);
    },
  }).visit(parsed.program);

  const { body } = parsed.program;
  const onlyReExports =
    body.length > 0 &&
    body.every(
      (node) =>
        node.type === "ExportAllDeclaration" ||
        (node.type === "ExportNamedDeclaration" && node.source !== null),
    );
  return { path: file.path, imports, uses, onlyReExports };
}

function dottedName(node: ESTree.Expression): string | null {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression") return null;
  const object = dottedName(node.object);
  const property = node.computed
    ? literalOf(node.property)
    : node.property.type === "Identifier"
      ? node.property.name
      : null;
  return object === null || property === null ? null : `${object}.${property}`;
}

const literalOf = (node: ESTree.Expression): string | null =>
  node.type === "Literal" && typeof node.value === "string" ? node.value : null;

const nameOf = (node: ESTree.ModuleExportName): string =>
  node.type === "Identifier" ? node.name : node.value;
