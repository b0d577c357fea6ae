import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createLoopDetector } from "../../../src/adapters/openai/repetition.ts";

/** What is noticed when the text comes in pieces of a few characters. */
function loopIn(text: string, piece = 40): string | null {
  const detector = createLoopDetector();
  for (let at = 0; at < text.length; at += piece) {
    const loop = detector.add(text.slice(at, at + piece));
    if (loop !== null) return loop;
  }
  return null;
}

const start = "<think>\nThe weight is wrong.\n";

test.each([
  ["one character", "!"],
  ["a few words", " tick tock"],
  ["a line", "I should check parcel.py again, because the weight may be wrong.\n"],
])("notices %s without end", (_what, unit) => {
  expect(loopIn(start + unit.repeat(Math.ceil(9_500 / unit.length)))).toHaveLength(unit.length);
});

const row = `    ${"0x00, ".repeat(16)}\n`;
test.each([
  ["a separator line", `${"=".repeat(400)}\n`],
  ["a table of a thousand zeros", row.repeat(64)],
  ["an empty page", "\n".repeat(2_000)],
  ["the same short method many times", "    def weigh(self):\n        return 0\n\n".repeat(100)],
])("lets %s be", (_what, text) => {
  expect(loopIn(`${start}${text}def weight(): ...\n${start}`.repeat(3))).toBeNull();
});

test("lets ordinary text be, however it is cut into pieces", () => {
  const words = fc.stringMatching(/^[a-z_]{1,12}$/);
  const line = fc.array(words, { minLength: 1, maxLength: 12 }).map((some) => some.join(" "));
  const text = fc
    .array(line, { minLength: 12, maxLength: 40 })
    .filter((lines) => new Set(lines).size > 10)
    .map((lines) => lines.map((one, at) => `${at} ${one}`).join("\n"));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 300 }), (once, piece) => {
      const repeated = once.repeat(Math.ceil(20_000 / once.length));
      fc.pre(once.length > 200);
      expect(loopIn(repeated, piece)).toBeNull();
    }),
    { numRuns: 60 },
  );
});
