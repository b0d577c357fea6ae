import { assert, property, string } from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createJavaScript } from "../../../src/languages/javascript/javascript.ts";
import type { Language } from "../../../src/languages/language.ts";
import { growth } from "../../fixtures/growth.ts";

let javascript: Language;
beforeAll(async () => {
  javascript = await createJavaScript();
});

describe("the normal form of a JavaScript file", () => {
  test.each([
    ["comments", "a = 1; // why\n/** more */\nb = 2;\n", "a = 1;\nb = 2;\n"],
    ["formatting", "if(a){b( 1 ,2 )}\n", "if (a) {\n  b(1, 2);\n}\n"],
    ["line ends", "a = 1;\r\nb = `x\r\ny`;\r\n", "a = 1;\nb = `x\ny`;\n"],
    [
      "semicolons that a line end stands for",
      "let a = 1;\nreturn_();\nexport default a;\n",
      "let a = 1\nreturn_()\nexport default a\n",
    ],
    [
      "empty statements in a block",
      "a();;\nclass A { b() {}; c = 1; }\n",
      "a();\nclass A { b() {} c = 1 }\n",
    ],
    ["trailing commas", "f(a, b,);\nx = [1, 2,];\ny = { a, };\n", "f(a, b);\nx = [1, 2];\ny = { a };\n"],
    ["trailing commas of imports", "import { a, b, } from 'x'\n", "import { a, b } from 'x'\n"],
    ["quotes", `a = "x"; b = 'it\\'s'; c = '"'\n`, `a = 'x'; b = "it's"; c = "\\""\n`],
    ["parentheses that only group", "x = ((a)) + (b * c);\nreturn_((d));\n", "x = a + b * c;\nreturn_(d);\n"],
    ["parentheses around one parameter", "f((a) => a);\n", "f(a => a);\n"],
    [
      "parentheses around one parameter of TypeScript",
      "type T = 1;\nf((a) => a as any);\n",
      "type T = 1;\nf(a => a as any);\n",
    ],
    [
      "separators in types",
      "interface A { a: string; b: number }\n",
      "interface A {\n  a: string,\n  b: number,\n}\n",
    ],
    ["line breaks in JSX", "x = <a>\n  text\n  <b/>\n</a>;\n", "x = <a>text<b/></a>;\n"],
  ])("does not depend on %s", (_, first, second) => {
    expect(javascript.normalForm(first)).not.toBeNull();
    expect(javascript.normalForm(first)).toBe(javascript.normalForm(second));
  });

  test.each([
    ["grouping", "x = (a + b) * c\n", "x = a + (b * c)\n"],
    ["where an optional chain ends", "x = (a?.b).c\n", "x = a?.b.c\n"],
    ["what is made new", "x = new (a())()\n", "x = new a()()\n"],
    ["an object or a block", "f(() => ({}))\n", "f(() => {})\n"],
    ["sequences", "f((a, b))\n", "f(a, b)\n"],
    ["holes of arrays", "x = [1,,]\n", "x = [1,]\n"],
    ["a hole alone", "x = [,]\n", "x = []\n"],
    ["a semicolon that ends an if", "if (a);\nb()\n", "if (a) b()\n"],
    ["the parts of a for", "for (;a;) b()\n", "for (;;a) b()\n"],
    ["a line end after return", "function f() { return\n a }\n", "function f() { return a }\n"],
    ["blanks in strings", "x = 'a  b'\n", "x = 'a b'\n"],
    ["blanks in templates", "x = `a  ${b}`\n", "x = `a ${b}`\n"],
    ["blanks in regular expressions", "x = /a  b/\n", "x = /a b/\n"],
    ["escapes", "x = 'a\\nb'\n", "x = 'a\\tb'\n"],
    ["escaped backslashes", "x = 'a\\\\\\''\n", "x = 'a\\''\n"],
    ["directives", "'use strict'\n", "('use strict')\n"],
    ["const and let", "const a = 1\n", "let a = 1\n"],
    ["equality", "a == b\n", "a === b\n"],
    ["arrow and function", "f(() => { a() })\n", "f(function () { a() })\n"],
    ["await", "async () => { await a }\n", "async () => { a }\n"],
    ["optional calls", "a?.()\n", "a()\n"],
    ["spread", "f(...a)\n", "f(a)\n"],
    ["private names", "class A { #a }\n", "class A { a }\n"],
    ["static", "class A { static a() {} }\n", "class A { a() {} }\n"],
    ["default values", "function f(a = 1) {}\n", "function f(a) {}\n"],
    ["types", "let a: string = b\n", "let a: number = b\n"],
    ["text of JSX", "x = <a>b c</a>\n", "x = <a>bc</a>\n"],
    ["the order of statements", "a()\nb()\n", "b()\na()\n"],
    ["a prefix or a postfix", "a\n++b\n", "a++\nb\n"],
  ])("depends on %s", (_, first, second) => {
    expect(javascript.normalForm(first)).not.toBeNull();
    expect(javascript.normalForm(first)).not.toBe(javascript.normalForm(second));
  });

  test("is null for a text that does not parse", () => {
    expect(javascript.normalForm("function f( {}\n")).toBeNull();
  });

  test("is made of text of any depth", () => {
    const deep = `x = ${"(".repeat(5000)}1${")".repeat(5000)}\n`;

    expect(javascript.normalForm(deep)).toBe(javascript.normalForm("x = 1\n"));
  });
});

describe("the syntax error of a JavaScript file", () => {
  test.each([
    ["function f() {\n  if (a) {\n  return 1;\n}\n", "line "],
    ["const a = 1;\n}\nconst b = 2;\n", "line 2:"],
    ["a();\nfoo bar baz;\n", "line 2:"],
    ["x = { a: 1,, b: 2 };\n", 'line 1: unexpected ","'],
    ["const a = ;\n", "line 1:"],
    ["a();\n<<<<<<< SEARCH\nb();\n", "line 2:"],
    ["let a = 1 let b = 2\n", "line 1:"],
    ["a();\nx = 'abc\ny = 1\n", "line 2:"],
    ["f(a,\n", "line 1:"],
    ["if (a) { b( }\n", "line 1:"],
    ["x = a ? b;\n", "line 1:"],
    ["`abc ${x `\n", "line "],
    ["const a = 1;\nf();\nconst a = 2;\n", 'line 3: "a" is declared twice'],
    ["class A { f() {}\n g( {} }\n", "line "],
    ["let x: string = = 1;\n", "line 1:"],
    ["```js\na();\n```\nb(\n", "line "],
  ])("in %j is told with its line", (text, start) => {
    expect((javascript.syntaxError(text) ?? "null").slice(0, start.length)).toBe(start);
  });

  test.each([
    "",
    "// only a comment",
    "#!/usr/bin/env node\na();\n",
    "'use strict';\r\nvar a = 1;\r\nvar a = 2;\r\n",
    "import a, * as b from 'x' with { type: 'json' };\nexport { a as default };\nexport * as c from 'y';\n",
    "class A { static { f(); } static async *[x]() {} #p = 1; get q() { return #p in this; } }\n",
    "a ??= b?.[c]?.(d) ?? 1_000n;\nlabel: for await (const x of y) continue label;\n",
    "const { a, ...b } = c, [d, , e = 1] = f;\ntry { g(); } catch { h(); } finally { i(); }\n",
    "function f(a: string): void;\nfunction f(a: number): void;\nfunction f(a: any) {}\n",
    "const a = <T,>(x: T): x is string => x as unknown as boolean;\nlet b = <any>a;\n",
    "export abstract class A<T extends B = C> implements D { constructor(private readonly x?: number) { super(); } }\n",
    "type A<T> = T extends (infer U)[] ? U : never;\nconst a = { b: 1 } satisfies C;\n",
    "export const A = ({ b }: Props) => <><B {...b} c='d' />{/* e */}</>;\n",
    "if (a) { const b = 1; } else { const b = 2; }\n{ let c; }\nlet c;\n",
    "declare module 'x' { export const y: number; }\nimport type { Z } from 'z';\n",
  ])("is null for %j", (text) => {
    expect(javascript.syntaxError(text)).toBeNull();
  });

  test("is found in any text at all without failing", () => {
    const readable = property(string({ unit: "binary", maxLength: 200 }), (text) => {
      const parses = javascript.syntaxError(text) === null;
      expect(text.includes("\r") || (javascript.normalForm(text) !== null) === parses).toBe(true);
      expect(javascript.structure(text).lines).toBeLessThanOrEqual(text.length);
      expect(javascript.skeleton(text).length).toBeLessThanOrEqual(4 * text.length);
    });

    assert(readable, { numRuns: 100 });
  });
});

test.each([
  ["functions", "function f() {}\n"],
  ["methods", "f() {}\n"],
])("the structure of many %s takes linear time", (kind, unit) => {
  const read = (times: number): void => {
    const all = unit.repeat(times);
    javascript.structure(kind === "methods" ? `class A {\n${all}}\n` : all);
  };

  expect(growth(read, 4_000)).toBeLessThan(9);
});

test("the normal form of a long list takes linear time", () => {
  const read = (members: number): void => {
    javascript.normalForm(`x = [${"a,".repeat(members)} // last\n];\n`);
  };

  expect(growth(read, 4_000)).toBeLessThan(9);
});
