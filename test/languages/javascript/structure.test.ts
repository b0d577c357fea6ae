import { beforeAll, describe, expect, test } from "vitest";
import { createJavaScript } from "../../../src/languages/javascript/javascript.ts";
import type { Language } from "../../../src/languages/language.ts";

let javascript: Language;
beforeAll(async () => {
  javascript = await createJavaScript();
});

const definitionsOf = (text: string): string[] =>
  javascript
    .structure(text)
    .definitions.map(({ kind, name, range }) => `${kind} ${name} ${range.first}-${range.last}`);

describe("the structure of a JavaScript file", () => {
  test("has functions, methods, classes and variables with qualified names", () => {
    const text = `import os from "os";
export const LIMIT = 3;
let [low, { high, rest: [other] }] = f();

export default class Parcel extends Base {
  static unit = "kg";
  weigh = async () => {
    return 1;
  };
  get #size() {
    const inner = 1;
    function help() {}
    return inner;
  }
}
export const total = (a) => a;
const Late = class {
  go() {}
};
async function* each() {}
`;

    expect(definitionsOf(text)).toEqual([
      "variable LIMIT 2-2",
      "variable low 3-3",
      "variable high 3-3",
      "variable other 3-3",
      "class Parcel 5-15",
      "variable Parcel.unit 6-6",
      "function Parcel.weigh 7-9",
      "function Parcel.#size 10-14",
      "function Parcel.#size.help 12-12",
      "function total 16-16",
      "class Late 17-19",
      "function Late.go 18-18",
      "function each 20-20",
    ]);
  });

  test("has what is bound to prototypes, exports and properties", () => {
    const text = `Foo.prototype.bar = function () {};
Foo.prototype = { all() {}, "odd name": () => 1 };
exports.baz = function named() {};
module.exports = { one() {}, two: function () {}, three };
module.exports.four = () => 4;
const api = { deep: { call() {} } };
`;

    expect(definitionsOf(text)).toEqual([
      "function Foo.bar 1-1",
      "function Foo.all 2-2",
      "function Foo.odd name 2-2",
      "function baz 3-3",
      "function one 4-4",
      "function two 4-4",
      "function four 5-5",
      "variable api 6-6",
      "function api.deep.call 6-6",
    ]);
  });

  test("has what a wrapper around the module defines", () => {
    const text =
      "(function (root) {\n  var a = 1;\n  function f() {}\n  root.g = function () {};\n})(this);\n";

    expect(definitionsOf(text)).toEqual(["function f 3-3", "function root.g 4-4"]);
  });

  test("has the declarations of TypeScript", () => {
    const text = `interface Shape { area(): number }
type Size = string | null;
export enum Kind { A }
namespace Deep { export const inner = 1; }
abstract class Base<T> {
  @input() name?: string = "x";
  @on("a")
  @off
  handle(a: T): void {}
  abstract run(): void;
}
declare function g(a: number): void;
const cast = <any>x;
`;

    expect(definitionsOf(text)).toEqual([
      "class Shape 1-1",
      "class Size 2-2",
      "class Kind 3-3",
      "class Deep 4-4",
      "variable Deep.inner 4-4",
      "class Base 5-11",
      "variable Base.name 6-6",
      "function Base.handle 7-9",
      "function Base.run 10-10",
      "function g 12-12",
      "variable cast 13-13",
    ]);
  });

  test("has components in JSX and in TSX", () => {
    expect(definitionsOf("const A = () => <b>{x}</b>;\n")).toEqual(["function A 1-1"]);
    expect(definitionsOf("const A = (p: Props) => <b>{p.x}</b>;\n")).toEqual(["function A 1-1"]);
  });

  test("has imports and requires of the module, and none of functions", () => {
    const text = `import a from "a";
import {
  b,
} from "b";
const c = require("c"), { d } = require("d").e;
export * from "f";
require("g");
function h() {
  const i = require("i");
}
const j = require("j") || 1;
`;

    expect(javascript.structure(text).imports).toEqual([
      { first: 1, last: 1 },
      { first: 2, last: 4 },
      { first: 5, last: 5 },
      { first: 6, last: 6 },
      { first: 7, last: 7 },
    ]);
    expect(definitionsOf(text)).toEqual(["function h 8-10", "variable j 11-11"]);
  });

  test("is there for a file that does not parse", () => {
    expect(definitionsOf("function f( {\n}\n\nfunction g() {\n  return 1;\n}\n")).toContain("function g 4-6");
  });

  test.each([
    ["", 0],
    ["a", 1],
    ["a\n", 1],
    ["a\r\n\n", 2],
  ])("counts the lines of %j as editors do", (text, lines) => {
    expect(javascript.structure(text).lines).toBe(lines);
  });
});

describe("the skeleton of a JavaScript file", () => {
  test("keeps signatures and drops what functions do, also in a wrapper around the module", () => {
    const text = `import os from "os";

/** What A is. */
export class A {
  x = 1;

  b(c) {
    const y = compute();
    return y;
  }
}

(function () {
  function inner() {
    work();
  }
})();
app.get("/", (req) => {
  req.end();
});
const short = (a) => a + 1;
`;

    expect(javascript.skeleton(text)).toBe(`import os from "os";

/** What A is. */
export class A {
  x = 1;

  b(c) {
    ...
  }
}

(function () {
  function inner() {
    ...
  }
})();
app.get("/", (req) => {
  ...
});
const short = (a) => a + 1;
`);
  });
});
