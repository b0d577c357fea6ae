import { beforeAll, describe, expect, test } from "vitest";
import type { Language } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";

let go: Language;
beforeAll(async () => {
  go = await createGo();
});

const source = `// Package cache keeps things.
package cache

import (
	"fmt"
	"os"
)

import "sync"

const limit = 3

var (
	first, second int
	_             fmt.Stringer = (*Cache[int])(nil)
)

type Cache[T any] struct {
	mu sync.Mutex
}

type (
	Key = string
	Getter interface {
		Get(key Key) any
	}
)

// Get gets.
func (c *Cache[T]) Get(key Key) T {
	local := func() { fmt.Println(key) }
	local()
	var zero T
	return zero
}

func (Key2) Len() int { return 0 }

func New() *Cache[int] {
	return &Cache[int]{}
}
`;

test("lists functions, methods by their type, types, and the package's variables", () => {
  const { definitions, imports, lines } = go.structure(source);

  expect(definitions.map(({ kind, name, range }) => [kind, name, range.first, range.last])).toEqual([
    ["variable", "limit", 11, 11],
    ["variable", "first", 14, 14],
    ["variable", "second", 14, 14],
    ["class", "Cache", 18, 20],
    ["class", "Key", 23, 23],
    ["class", "Getter", 24, 26],
    ["function", "Cache.Get", 30, 35],
    ["function", "Key2.Len", 37, 37],
    ["function", "New", 39, 41],
  ]);
  expect(imports).toEqual([
    { first: 4, last: 7 },
    { first: 9, last: 9 },
  ]);
  expect(lines).toBe(41);
});

test("elides the bodies of functions in the skeleton", () => {
  const skeleton = go.skeleton(source);

  expect(skeleton).toContain("// Get gets.\nfunc (c *Cache[T]) Get(key Key) T { ... }\n");
  expect(skeleton).toContain("Get(key Key) any");
  expect(skeleton).not.toContain("local");
});

describe("the syntax check", () => {
  test("finds nothing wrong with Go", () => {
    expect(go.syntaxError(source)).toBeNull();
    expect(
      go.syntaxError("package a\n\nfunc f[K comparable](m map[K]int) { for k := range m { _ = k } }\n"),
    ).toBeNull();
  });

  test.each([
    ["package a\n\nfunc f( {\n}\n", 3],
    ["package a\n\nfunc f() {\n\treturn 1 1\n}\n", 4],
    ["package a\n\nfunc f() {\n\tif true {\n}\n", 6],
    ["package a\n\nx := 1\n", 3],
    ["func f() {}\n", 1],
    ["", 1],
    ['package a\n\nvar x = 1\n\nimport "fmt"\n', 5],
    ["package a\n\npackage b\n", 3],
  ])("names the line of what is wrong in %j", (text, line) => {
    expect(go.syntaxError(text)).toMatch(new RegExp(`^line ${line}: `));
  });
});
