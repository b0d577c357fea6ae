import { expect, test } from "vitest";
import { createJava } from "../../src/languages/java/java.ts";

const java = await createJava();

/** The grammar's time for it grows with the square of its length: 200 s for all of this one. */
const hostile = "case 1:\n".repeat(24_000);

test("a text on which the parser would spend minutes is one syntax error, and the next text is read as ever", () => {
  const read = [
    java.syntaxError(hostile),
    java.normalForm(hostile),
    java.structure(hostile).definitions,
    java.skeleton(hostile),
  ];

  expect(read).toEqual(['line 1: unexpected "case 1:"', null, [], hostile]);
  expect(java.syntaxError("class A { int b; }")).toBeNull();
  expect(java.syntaxError("class A { int b }")).toContain("line 1: ");
}, 60_000);
