import { expect, test } from "vitest";
import { rebaseChanges } from "../../src/domain/rebase-changes.ts";

const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
const change = { path: "a.py", before, after: before.replace("two", "2") };
const on = (now: string | null, changes = [change]) => rebaseChanges(changes, () => now);

test("a change of the same text stays as it is", () => {
  expect(on(before)).toEqual([change]);
});

test("a change moves with the lines around it and keeps what others changed", () => {
  const now = `zero\n${before.replace("nine", "9")}`;

  expect(on(now)).toEqual([{ path: "a.py", before: now, after: now.replace("two", "2") }]);
});

test.each([
  ["its lines are others", before.replace("two", "zwei")],
  ["the lines around it are others", before.replace("three", "drei")],
  ["the file is gone", null],
  ["it is there already", change.after],
])("a change does not fit where %s", (_, now) => {
  expect(on(now)).toBeNull();
});

test("new and deleted files fit only where they still are what they were", () => {
  const created = { path: "b.py", before: null, after: "new\n" };
  const deleted = { path: "c.py", before: "old\n", after: null };

  expect(rebaseChanges([created], () => null)).toEqual([created]);
  expect(rebaseChanges([created], () => "theirs\n")).toBeNull();
  expect(rebaseChanges([deleted], () => "old\n")).toEqual([deleted]);
  expect(rebaseChanges([deleted], () => "newer\n")).toBeNull();
});
