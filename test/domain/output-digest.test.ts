import { expect, test } from "vitest";
import { digestOfOutput } from "../../src/domain/output-digest.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { growth } from "../fixtures/growth.ts";

const digest = (stdout: string) => digestOfOutput(exited(1, `failed:\n${stdout}`));

test.each([
  ["Python", '  File "/w/a.py", line 3, in f', '  File "/w/a.py", line 40, in f'],
  ["JavaScript", "    at f (/w/a.js:3:5)", "    at f (/w/a.js:40:7)"],
  ["JavaScript modules", "    at file:///w/a.mjs:3:5", "    at file:///w/a.mjs:4:5"],
  ["Node above a trace", "/w/lib/a.js:3", "/w/lib/a.js:40"],
  ["Java", "\tat a.B.c(B.java:3)", "\tat a.B.c(B.java:40)"],
  ["Go", "\t/w/a.go:3 +0x1d", "\t/w/a.go:40 +0x2f"],
])("a trace of %s is the same where lines moved", (_, one, other) => {
  expect(digest(one)).toBe(digest(other));
  expect(digest(one)).not.toBe(digest(one.replace("a.", "b.")));
});

test.each([
  ["a message with a position", "a.py:3: bad", "a.py:4: bad"],
  ["a file's line with a column", "/w/a.js:3:1", "/w/a.js:4:1"],
  ["a compiler's error", "/w/a.go:3:1: bad", "/w/a.go:4:1: bad"],
  ["a file", 'File "a", line 3', 'File "a", line 4'],
])("%s is not part of a trace", (_, one, other) => {
  expect(digest(one)).not.toBe(digest(other));
});

test.each(["/a", "    at ", '  File "', "\t/a", "    at f (a:1", "    at a:1:"])(
  "reads much of %j in linear time",
  (part) => {
    expect(growth((size) => digest(part.repeat(size)), 20_000)).toBeLessThan(9);
    expect(growth((size) => digest(`${part}\n`.repeat(size)), 20_000)).toBeLessThan(9);
  },
);
