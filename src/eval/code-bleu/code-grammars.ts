import { loadGrammars } from "../../languages/javascript/grammars.ts";
import { isDocstring } from "../../languages/python/docstring.ts";
import { loadParser, type SyntaxNode } from "../../languages/syntax-tree.ts";
import { javaConstruct, javaScriptConstruct } from "./braces-constructs.ts";
import type { ReadConstruct } from "./construct.ts";
import { pythonConstruct } from "./python-constructs.ts";

/** What CodeBLEU needs to know of one language. */
export type CodeGrammar = {
  readonly parse: (text: string) => SyntaxNode;
  readonly isDocstring: (node: SyntaxNode, text: string) => boolean;
  readonly keywords: ReadonlySet<string>;
  readonly construct: ReadConstruct;
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

const python = words(
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type",
);

const java = words(
  "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if implements import instanceof int interface long native new package private protected public return short static strictfp super switch synchronized this throw throws transient try void volatile while",
);

/** The language's own, without the stray words of the authors' list (`Text`, `Builder`, `onClick`, `True`). */
const javaScript = words(
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return super switch static this throw true try typeof var void while with yield",
);

const none = (): boolean => false;

/** By the ids of the language adapters; others have no CodeBLEU. */
export async function loadCodeGrammars(): Promise<ReadonlyMap<string, CodeGrammar>> {
  const [parsePython, parseJava, { parse }] = await Promise.all([
    loadParser("python"),
    loadParser("java"),
    loadGrammars(),
  ]);
  return new Map<string, CodeGrammar>([
    [
      "python",
      { parse: (text) => parsePython(text), isDocstring, keywords: python, construct: pythonConstruct },
    ],
    [
      "java",
      { parse: (text) => parseJava(text), isDocstring: none, keywords: java, construct: javaConstruct },
    ],
    ["javascript", { parse, isDocstring: none, keywords: javaScript, construct: javaScriptConstruct }],
  ]);
}
