import * as fc from "fast-check";
import { expect, test } from "vitest";
import { changesFrom, composeChanges } from "../../src/domain/compose-changes.ts";
import type { FileChange } from "../../src/domain/edit.ts";
import "../property-seed.ts";

const change = (path: string, before: string | null, after: string | null): FileChange => ({
  path,
  before,
  after,
});

test("two changes of one file are one from the first text to the last", () => {
  expect(composeChanges([change("a", "1", "2")], [change("a", "2", "3")])).toEqual([change("a", "1", "3")]);
});

test("what is taken back, or made and deleted again, is no change", () => {
  const first = [change("a", "1", "2"), change("b", null, "new")];

  expect(composeChanges(first, [change("a", "2", "1"), change("b", "new", null)])).toEqual([]);
});

test("changes that did not see one another are refused", () => {
  expect(() => composeChanges([change("a", "1", "2")], [change("a", "1", "3")])).toThrow(RangeError);
});

test("what leads from some changes to others makes the others of them", () => {
  const text = fc.option(fc.constantFrom("x", "y", "z"), { nil: null });
  const trees = fc.tuple(text, text, text);
  const between = (from: readonly (string | null)[], to: readonly (string | null)[]) =>
    from.flatMap((before, at) => {
      const after = to[at] ?? null;
      return before === after ? [] : [change(`f${at}`, before, after)];
    });

  fc.assert(
    fc.property(trees, trees, trees, (base, head, wanted) => {
      const [first, whole] = [between(base, head), between(base, wanted)];

      const step = changesFrom(first, whole);

      expect([...step].sort(byPath)).toEqual(between(head, wanted));
      expect([...composeChanges(first, step)].sort(byPath)).toEqual(whole);
    }),
  );
});

const byPath = (one: FileChange, other: FileChange): number => (one.path < other.path ? -1 : 1);
