import { beforeAll, describe, expect, test } from "vitest";
import { createJava } from "../../../src/languages/java/java.ts";
import type { Language } from "../../../src/languages/language.ts";
import { growth } from "../../fixtures/growth.ts";

let java: Language;
beforeAll(async () => {
  java = await createJava();
});

const source = `package shop;

import java.util.List;
import static java.lang.Math.max;

/** Rates. */
@Deprecated
public class Rates<T> extends Base {
  private static final int LOW = 1, HIGH[] = {1, 2};
  private final Runnable later = () -> { int local = 1; };

  public Rates(int start) {
    super(start);
  }

  @Override
  public <U> int rate(List<U> of) {
    int local = 1;
    return local;
  }

  enum Kind { SMALL, LARGE { void grow() {} } }

  record Pair(int a, int b) {
    Pair { if (a > b) throw new IllegalArgumentException(); }
  }

  interface Source {
    int MOST = 3;
    int next();
  }
}
`;

describe("the structure of a Java file", () => {
  test("has types, methods, constructors, fields and constants by their qualified names", () => {
    const { definitions } = java.structure(source);

    expect(definitions.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "class Rates",
      "variable Rates.LOW",
      "variable Rates.HIGH",
      "variable Rates.later",
      "function Rates.Rates",
      "function Rates.rate",
      "class Rates.Kind",
      "variable Rates.Kind.SMALL",
      "variable Rates.Kind.LARGE",
      "function Rates.Kind.LARGE.grow",
      "class Rates.Pair",
      "function Rates.Pair.Pair",
      "class Rates.Source",
      "variable Rates.Source.MOST",
      "function Rates.Source.next",
    ]);
  });

  test("has ranges that begin at the annotations, and the imports", () => {
    const { definitions, imports, lines } = java.structure(source);

    expect(definitions.find(({ name }) => name === "Rates.rate")?.range).toEqual({ first: 16, last: 20 });
    expect(definitions[0]?.range).toEqual({ first: 7, last: 32 });
    expect(imports).toEqual([
      { first: 3, last: 3 },
      { first: 4, last: 4 },
    ]);
    expect(lines).toBe(32);
  });

  test("is left of a file by its skeleton", () => {
    const skeleton = java.skeleton(source);

    expect(skeleton).toContain("public <U> int rate(List<U> of) { ... }");
    expect(skeleton).toContain("/** Rates. */");
    expect(skeleton).not.toContain("int local = 1;\n");
    expect(skeleton).not.toContain("super(start)");
    expect(java.syntaxError(skeleton.replaceAll("{ ... }", "{ }"))).toBeNull();
  });
});

describe("the syntax check", () => {
  test.each([
    ["class A {\n  int f() { return 1 }\n}\n", "line 2: "],
    ["class A {\n  void f() {\n", "line "],
    ["class A {\n  int x = ;\n}\n", "line 2: "],
    ["int x = 1;\nSystem.out.println(x);\n", "line 1: a statement outside of any class"],
  ])("finds the error in %j", (text, start) => {
    expect(java.syntaxError(text)?.startsWith(start)).toBe(true);
  });

  test.each([
    source,
    "record P(int x) { int f(Object o) { return switch (o) { case P(int y) when y > 1 -> y; default -> 0; }; } }\n",
    'class A { String s = """\n  text "q"\n  """; }\n',
    "sealed interface S permits A {}\nfinal class A implements S {}\n",
    "@FunctionalInterface public interface F { void f(); }\n",
    "module shop { requires java.base; exports shop; }\n",
    "/** Package. */\n@Deprecated\npackage shop;\n",
    "",
  ])("accepts %j", (text) => {
    expect(java.syntaxError(text)).toBeNull();
  });
});

describe("the normal form", () => {
  const base =
    "import a.B;\nimport c.D;\nclass A { int[] x = {1, 2}; int f(int a) { return (a + 1) * 2; } }\n";

  test.each([
    ["a comment", base.replace("return", "/* why */ return")],
    ["Javadoc", `/** Says what. */\n${base}`],
    ["formatting", base.replaceAll(" { ", "\n{\n  ")],
    ["the order of imports", base.replace("import a.B;\nimport c.D;", "import c.D;\nimport a.B;")],
    ["parentheses that only group", base.replace("(a + 1) * 2", "((a + 1)) * (2)")],
    ["a last comma in an initializer", base.replace("{1, 2}", "{1, 2,}")],
    ["an empty declaration", base.replace("int f", "; int f")],
    ["carriage returns", base.replaceAll("\n", "\r\n")],
  ])("does not depend on %s", (_, text) => {
    expect(text).not.toBe(base);
    expect(java.normalForm(text)).toBe(java.normalForm(base));
  });

  test.each([
    ["parentheses that change the meaning", base.replace("(a + 1) * 2", "a + 1 * 2")],
    ["an annotation", base.replace("int f", "@Deprecated int f")],
    ["a string's text", base.replace("int f", 'String s = "(a)"; int f')],
    ["an import", base.replace("import c.D;", "import c.E;")],
    ["code after a comment that a carriage return ends", base.replace("return", "// x\rthrow null; return")],
    ["a Unicode escape that ends its comment", base.replace("return", "// \\u000a throw null;\nreturn")],
  ])("depends on %s", (_, text) => {
    expect(java.normalForm(text)).not.toBe(java.normalForm(base));
  });

  test("takes linear time of a long list", () => {
    const read = (members: number): void => {
      java.normalForm(`class A { int[] x = {${"1,".repeat(members)}}; }\n`);
    };

    expect(growth(read, 8_000)).toBeLessThan(9);
  });

  test("is nothing for text that is not Java", () => {
    expect(java.normalForm("class {")).toBeNull();
  });
});

test.each([
  "System.exit(0);",
  "Runtime.getRuntime().halt(0);",
  "field.setAccessible(true);",
  "import org.junit.Test;",
  "  static {",
  "public boolean equals(Object o) { return true; }",
  "ServiceLoader.load(Plugin.class);",
  "// \\u000a throw null;",
])("raises an alarm for %s", (line) => {
  expect(java.alarms.some(({ pattern }) => pattern.test(line))).toBe(true);
});

test.each(["return x;", "static int f() {", "public boolean equals(Object o) {", 'String s = "\\u00e9";'])(
  "raises no alarm for %s",
  (line) => {
    expect(java.alarms.some(({ pattern }) => pattern.test(line))).toBe(false);
  },
);
