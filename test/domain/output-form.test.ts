import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseOutput, tailForJudge } from "../../src/domain/output-form.ts";

describe("two runs are the same output when they differ in", () => {
  test.each([
    ["addresses", "<Thing object at 0x7f3a12bc>", "<Thing object at 0x55e0aa00>"],
    ["durations", "Ran 3 tests in 0.004s", "Ran 3 tests in 1.2s"],
    ["log times", "2024-05-01 10:00:00,123 INFO x", "2024-05-02 11:30:01,999 INFO x"],
    ["temporary paths", "wrote /tmp/tmpab12/x.txt", "wrote /tmp/tmpzz99/x.txt"],
    ["times of Go's log", "2026/11/22 10:00:00 got 10", "2026/11/22 10:00:07.000123 got 10"],
    ["how long Go's tests took", "--- FAIL: TestX (0.01s)", "--- FAIL: TestX (0.12s)"],
    ["numbers of goroutines", "goroutine 1 [running]:", "goroutine 18 [running]:"],
    ["where Go builds a script", "/w/m/copatcher-poc-aB3dE6/poc.go:7", "/w/m/copatcher-poc-Zz19xQ/poc.go:7"],
    ["process ids", "started pid=123", "started pid=4567"],
    ["memory", "peak memory: 12.5 MB", "peak memory: 13.1 MB"],
    ["colours", "\u001b[31mfailed\u001b[0m", "failed"],
    ["line ends and trailing blanks", "a \r\nb", "a\nb\n"],
    [
      "the order of warnings",
      "x.py:1: UserWarning: a\n  warn(a)\nx.py:2: UserWarning: b\nend",
      "x.py:2: UserWarning: b\nend\nx.py:1: UserWarning: a\n  warn(a)",
    ],
  ])("%s", (_, one, other) => {
    expect(normaliseOutput(one)).toBe(normaliseOutput(other));
  });
});

describe("two runs stay different when they differ in", () => {
  test.each([
    ["a time that the program computes", "next run: 10:00:00", "next run: 11:00:00"],
    ["a time in Go's form within a line", "next: 2026/11/22 10:00:00 ", "next: 2026/11/22 10:00:07 "],
    ["a date", "2024-05-01 10:00:00", "2024-05-02 10:00:00"],
    ["a number", "total 12", "total 13"],
    ["a colour value", "0xff00", "0xff01"],
    ["which warning is given", "x.py:1: UserWarning: a", "x.py:1: UserWarning: b"],
    ["indentation", " a\n  b", " a\n b"],
  ])("%s", (_, one, other) => {
    expect(normaliseOutput(one)).not.toBe(normaliseOutput(other));
  });
});

test("the normal form is its own normal form", () => {
  const piece = fc.constantFrom(
    "0x7fff0000",
    "in 0.1s",
    "/tmp/a",
    "\n",
    "a.py:1: UserWarning: x",
    "  ",
    "pid 3",
    "\u001b[0m",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
      const form = normaliseOutput(parts.join(""));
      expect(normaliseOutput(form)).toBe(form);
    }),
  );
});

test("judges see the end of an output", () => {
  expect(tailForJudge(`${"x".repeat(1000)}end\n`, 500)).toBe(`${"x".repeat(497)}end`);
  expect(tailForJudge("short\u001b[0m\u200b\n", 500)).toBe("short");
});
