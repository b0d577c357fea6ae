import { expect, test } from "vitest";
import { countExceptions, exceptionClass } from "../../../src/eval/metrics/exceptions.ts";

const turn = (output: string, other: { timedOut?: boolean; collected?: boolean } = {}) => ({
  output,
  timedOut: false,
  collected: true,
  ...other,
});

test.each([
  ['Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad\n', "ValueError"],
  // Any class is raised, whatever its name.
  [
    'Traceback (most recent call last):\n  File "a.py", line 1\napp.models.Thing.DoesNotExist: none\n',
    "DoesNotExist",
  ],
  [
    "Traceback (most recent call last):\n  x\nKeyError: 1\n\nDuring handling ...\n\nTraceback (most recent call last):\n  y\nTypeError\n",
    "TypeError",
  ],
  ["E   decimal.InvalidOperationError: x\n", "InvalidOperationError"],
  ["E       assert 1 == 2\n\ntests/test_a.py:3: AssertionError\n", "AssertionError"],
  [
    'Exception in thread "main" java.lang.NullPointerException: x\n\tat A.b(A.java:1)\n',
    "NullPointerException",
  ],
  ["TypeError [ERR_INVALID_ARG_TYPE]: x\n    at b (a.js:1:1)\n", "TypeError"],
  ["panic: runtime error\n\ngoroutine 1", "panic"],
  ["some words about a ValueError: in a line\n", "Unknown"],
  ["", "Unknown"],
])("reads %j", (output, expected) => {
  expect(exceptionClass(turn(output))).toBe(expected);
});

test("names a timeout and a failed collection before any exception", () => {
  expect(exceptionClass(turn("ValueError: x", { timedOut: true }))).toBe("Timeout");
  expect(exceptionClass(turn("ValueError: x", { collected: false }))).toBe("CollectionError");
});

test("reads hostile output in linear time", () => {
  const output = `${"A".repeat(2_000_000)}\n${"1:".repeat(500_000)}\n${"a.".repeat(500_000)}\nValueError: x`;

  expect(exceptionClass(turn(output))).toBe("ValueError");
});

test("counts classes, the most frequent first", () => {
  const report = countExceptions([turn("ValueError: a"), turn(""), turn("ValueError: b")], 2);

  expect(report).toEqual({
    unresolved: 3,
    byClass: [
      { name: "ValueError", count: 2 },
      { name: "Unknown", count: 1 },
    ],
    perSolved: 1.5,
  });
  expect(countExceptions([], 0).perSolved).toBeNull();
});
