import { expect, test } from "vitest";
import { ownTestsAmong, textHash, type TestCommit } from "../../src/domain/own-tests.ts";

const path = "tests/test_core.py";
const commit = (before: string | null, after: string, ...tests: readonly string[]): TestCommit => ({
  path,
  before: textHash(before),
  after: textHash(after) ?? "",
  tests,
});
const change = (before: string | null, after: string | null, of = path) => ({ path: of, before, after });
/** Ids of the tests by which a change is known as ours; null when it is not. */
const known = (one: ReturnType<typeof change>, ...commits: readonly TestCommit[]) =>
  ownTestsAmong([one], commits)[0]?.tests ?? null;

test("a change that a commit of ours made is known, in a new file too, and after several commits", () => {
  const [first, second] = [commit("a", "ab", "one"), commit("ab", "abc", "two")];

  expect(known(change("a", "ab"), first)).toEqual(["one"]);
  expect(known(change("a", "abc"), second, first)).toEqual(["one", "two"]);
  expect(known(change(null, "new"), commit(null, "new", "one"))).toEqual(["one"]);
});

test.each<readonly [string, ReturnType<typeof change>]>([
  ["before our commit", change("other", "ab")],
  ["after our commit", change("a", "ab, and more")],
  ["that takes the file away", change("ab", null)],
  ["in a file of the same text", change("a", "ab", "tests/test_other.py")],
])("an edit by somebody else %s is an edit", (_, edited) => {
  expect(known(edited, commit("a", "ab", "one"))).toBeNull();
});

test("what somebody changed between two commits of ours is an edit", () => {
  expect(known(change("a", "abxc"), commit("a", "ab", "one"), commit("abx", "abxc", "two"))).toBeNull();
});

test("a commit of ours that was taken back and made anew is known by the one that is there", () => {
  const [gone, there] = [commit("a", "ab", "one"), commit("a", "aB", "two")];

  expect(known(change("a", "aB"), gone, there)).toEqual(["two"]);
});

test("commits that lead in a circle come to an end", () => {
  expect(known(change("x", "a"), commit("a", "b", "one"), commit("b", "a", "two"))).toBeNull();
});
