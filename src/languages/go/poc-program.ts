import { failedMark } from "../../domain/poc.ts";
import { childOfType, textOf, walk, type SyntaxNode } from "../syntax-tree.ts";

/** A PoC as two files of one program, or of one package of tests. */
export type PocProgram = {
  readonly kind: "program" | "tests";
  readonly poc: string;
  readonly main: string;
  /** Paths of the packages that it imports. */
  readonly imports: readonly string[];
};

type Edit = { readonly node: SyntaxNode; readonly text: string };

/** Compilers and panics speak of these paths, the same in every run; lines of the PoC stay what they were. */
export const pocFolder = "/poc";
const entry = "copatcherPocMain";

/**
 * Makes the PoC's main function one that a main function of ours calls, which knows when it returns. `os.Exit` and
 * `log.Fatal` in the PoC's own source are an end, too; in the repository's code they are not. Tests without a main
 * function are run as tests.
 */
export function pocProgram(root: SyntaxNode, source: string): PocProgram {
  const functions = root.children
    .filter((child) => child.type === "function_declaration")
    .flatMap((child) => childOfType(child, "identifier") ?? []);
  const main = functions.find((name) => textOf(name, source) === "main");
  const ownTestMain = functions.some((name) => textOf(name, source) === "TestMain");
  const isTest = main === undefined && functions.some((name) => testShaped(name, source));
  const kind = isTest ? "tests" : "program";
  const imports = importsOf(root, source);
  const nameOf = (path: string): string | null => {
    const found = imports.find((one) => one.path === path);
    return found === undefined ? null : (found.name ?? path);
  };
  const edits = [...constraints(root, source)];
  if (main !== undefined) edits.push({ node: main, text: entry });
  if (kind === "tests") edits.push(...packageName(root));
  const calls = callsOf(root, source, exitsOf(nameOf("os"), nameOf("log")));
  // With its only use replaced, an import would be an error.
  const used = calls.exits.map((exit) => `\nvar _ = ${exit}\n`).join("");
  return {
    kind,
    poc: `//line ${pocFolder}/poc.go:1\n${apply([...edits, ...calls.edits], source)}${used}`,
    main: mainFile(kind, ownTestMain),
    imports: imports.map(({ path }) => path),
  };
}

function testShaped(name: SyntaxNode, source: string): boolean {
  const parameters = name.parent === null ? null : childOfType(name.parent, "parameter_list");
  return (
    /^Test([^a-z]|$)/.test(textOf(name, source)) &&
    parameters !== null &&
    /^\(\s*\w+\s+\*testing\.T\s*,?\s*\)$/.test(textOf(parameters, source))
  );
}

/** A file with tests may call its package anything. */
function packageName(root: SyntaxNode): Edit[] {
  const clause = childOfType(root, "package_clause");
  const name = clause === null ? null : childOfType(clause, "package_identifier");
  return name === null ? [] : [{ node: name, text: "main" }];
}

/** `//go:build ignore` is how people mark programs that lie beside a package. */
const constraints = (root: SyntaxNode, source: string): Edit[] =>
  root.children
    .filter((node) => node.type === "comment" && /^\/\/\s*(go:build|\+build)\b/.test(textOf(node, source)))
    .map((node) => ({ node, text: "//" }));

function importsOf(root: SyntaxNode, source: string): Array<{ path: string; name: string | null }> {
  const found: Array<{ path: string; name: string | null }> = [];
  for (const declaration of root.children.filter((child) => child.type === "import_declaration")) {
    walk(declaration, (node) => {
      if (node.type !== "import_spec") return undefined;
      const literal = node.children.find((child) => child.type.endsWith("string_literal"));
      const name = childOfType(node, "package_identifier");
      const path = literal === undefined ? "" : textOf(literal, source).slice(1, -1);
      found.push({ path, name: name === null ? null : textOf(name, source) });
      return false;
    });
  }
  return found;
}

/** What ends the process, by the names that the PoC gives to the packages, and ours in its place. */
const exitsOf = (os: string | null, log: string | null): ReadonlyMap<string, string> =>
  new Map([
    ...(os === null ? [] : [[`${os}.Exit`, "copatcherExit"] as const]),
    ...(log === null
      ? []
      : ["Fatal", "Fatalf", "Fatalln"].map((name) => [`${log}.${name}`, `copatcher${name}`] as const)),
  ]);

/** Uses of what ends the process, and of main itself. */
function callsOf(
  root: SyntaxNode,
  source: string,
  ends: ReadonlyMap<string, string>,
): { edits: Edit[]; exits: readonly string[] } {
  const edits: Edit[] = [];
  const exits = new Set<string>();
  walk(root, (node) => {
    const used = node.type === "selector_expression" ? textOf(node, source) : "";
    const own = ends.get(used);
    if (own !== undefined) {
      exits.add(used);
      edits.push({ node, text: own });
      return false;
    }
    const [called] = node.children;
    if (
      node.type === "call_expression" &&
      called?.type === "identifier" &&
      textOf(called, source) === "main"
    ) {
      edits.push({ node: called, text: entry });
    }
    return undefined;
  });
  return { edits, exits: [...exits] };
}

function apply(edits: readonly Edit[], source: string): string {
  const parts: string[] = [];
  let kept = 0;
  for (const { node, text } of edits.toSorted((a, b) => a.node.start - b.node.start)) {
    parts.push(source.slice(kept, node.start), text);
    kept = node.end;
  }
  return parts.join("") + source.slice(kept);
}

/** Stands for the nonce until the PoC is built; see poc.ts. */
export const wordPlace = "COPATCHER_WORD";

const start = (imports: string): string => `//line ${pocFolder}/main.go:1
package main

import (
	copatcherlog "log"
	copatcheros "os"
${imports})

var copatcherNonce = "${wordPlace}"

func copatcherLeave(word string) {
	copatcheros.WriteFile(copatcheros.Getenv("COPATCHER_OUT")+"/poc-end", []byte(word), 0o644)
}

func copatcherExit(code int) {
	if code == 0 {
		copatcherLeave(copatcherNonce)
	} else {
		copatcherLeave(copatcherNonce + "${failedMark}")
	}
	copatcheros.Exit(code)
}

func copatcherFatal(values ...interface{}) {
	copatcherlog.Print(values...)
	copatcherExit(1)
}

func copatcherFatalf(format string, values ...interface{}) {
	copatcherlog.Printf(format, values...)
	copatcherExit(1)
}

func copatcherFatalln(values ...interface{}) {
	copatcherlog.Println(values...)
	copatcherExit(1)
}
`;

const calling = `
func main() {
	ended := false
	// A panic goes through here.
	defer func() {
		if !ended {
			copatcherLeave(copatcherNonce + "${failedMark}")
		}
	}()
	${entry}()
	ended = true
	copatcherExit(0)
}
`;

const testing = `
func TestMain(m *copatchertesting.M) { copatcherExit(m.Run()) }
`;

function mainFile(kind: PocProgram["kind"], ownTestMain: boolean): string {
  if (kind === "program") return start("") + calling;
  return ownTestMain ? start("") : start('\tcopatchertesting "testing"\n') + testing;
}
