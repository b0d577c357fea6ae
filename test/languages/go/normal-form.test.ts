import { beforeAll, expect, test } from "vitest";
import type { Language } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";
import { growth } from "../../fixtures/growth.ts";

let go: Language;
beforeAll(async () => {
  go = await createGo();
});

const form = (body: string): string | null => go.normalForm(`package a\n\n${body}\n`);

test.each([
  ["comments", "func f() { /* a */ g() } // b", "// c\nfunc f() { g() }"],
  ["formatting", "func f() {\n\tg(1,\n\t\t2)\n}", "func f() { g(1, 2) }"],
  ["trailing commas", "var x = []int{\n\t1,\n\t2,\n}", "var x = []int{1, 2}"],
  ["trailing commas of calls", "func f() {\n\tg(\n\t\t1,\n\t)\n}", "func f() { g(1) }"],
  ["semicolons", "func f() { g(); h(); }", "func f() {\n\tg()\n\th()\n}"],
  ["grouping parentheses", "func f() { if (a) { return ((b) + c) } }", "func f() { if a { return b + c } }"],
  ["the order and grouping of imports", 'import (\n\t"b"\n\n\tx "a"\n)', 'import x "a"\nimport "b"'],
])("%s mean nothing", (_, one, other) => {
  expect(form(one)).not.toBeNull();
  expect(form(one)).toBe(form(other));
});

test.each([
  ["operators", "var x = 1 + 2", "var x = 1 - 2"],
  ["nesting", "var x = (a + b) * c", "var x = a + b*c"],
  ["spaces in strings", 'var x = "a b"', 'var x = "a  b"'],
  ["the place of a clause", "func f() { for a();; {} }", "func f() { for ;;a() {} }"],
  ["an initialiser", "func f() { if a(); b {} }", "func f() { if b {} }"],
  ["directives", "//go:noinline\nfunc f() {}", "func f() {}"],
  ["what is embedded", "//go:embed a.txt\nvar x string", "//go:embed b.txt\nvar x string"],
  ["build tags", "//go:build linux", "//go:build windows"],
  ["the name of an import", 'import x "a"', 'import _ "a"'],
  ["C code", '// int f(void);\nimport "C"', '// int g(void);\nimport "C"'],
  ["the order of statements", "func f() { g(); h() }", "func f() { h(); g() }"],
])("%s mean something", (_, one, other) => {
  expect(form(one)).not.toBeNull();
  expect(form(one)).not.toBe(form(other));
});

test("there is none of text that does not parse", () => {
  expect(form("func f( {")).toBeNull();
});

test("the normal form of a list that ends with many comments takes linear time", () => {
  const read = (lines: number): void => {
    go.normalForm(`package a\nvar x = []int{${"1,\n".repeat(lines)}${"// no\n".repeat(lines)}}\n`);
  };

  expect(growth(read, 2_000)).toBeLessThan(9);
});
