import { expect, test } from "vitest";
import { RepairError } from "../../../src/domain/errors.ts";
import { labelledPool, readCase } from "../../../src/eval/suite/case.ts";
import { labelsOf, requireSameLabels } from "../../../src/eval/suite/pooled-patch.ts";
import { caseFile, pooled } from "./fixtures.ts";

const read = (file: unknown) => readCase(JSON.stringify(file), "cases/a.json");

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RepairError && error.code === "evaluation-invalid") return error.message;
    throw error;
  }
  return "nothing was refused";
}

test("keeps what a bot may see apart from what decides", () => {
  const one = read(caseFile());

  expect(one.question).toEqual({
    repository: "django/django",
    gitSource: "felixxm/django",
    baseCommit: "1".repeat(40),
    issueText: "It breaks.",
  });
  expect(JSON.stringify(one.question)).not.toContain("diff --git");
  expect(one.truth.failToPass).toEqual(["test_new"]);
});

test("refuses a case without fail-to-pass tests, which every patch would resolve", () => {
  expect(refusalOf(() => read({ ...caseFile(), FAIL_TO_PASS: [] }))).toMatch(
    /cases\/a\.json: FAIL_TO_PASS: is empty/,
  );
});

test("names every missing field at once", () => {
  const { patch: _, base_commit: __, ...rest } = caseFile();

  expect(refusalOf(() => read(rest))).toMatch(/base_commit: .*; patch: /);
});

test.each(["", "{", "[]", "null"])("refuses %j as a case", (text) => {
  expect(refusalOf(() => readCase(text, "a.json"))).toMatch(/^a\.json: /);
});

test("refuses a pool that holds a patch twice or contradicts its own label", () => {
  const wrong = { ...pooled("b", true), label: { ...pooled("b", true).label, f2p_passed: 0 } };

  expect(refusalOf(() => read({ ...caseFile(), pool: [pooled("a", true), pooled("a", true)] }))).toMatch(
    /pool: patch a is there twice/,
  );
  expect(refusalOf(() => read({ ...caseFile(), pool: [wrong] }))).toMatch(
    /pool\.0\.resolved: its label says that tests failed/,
  );
});

test("gives labelled patches in their order and lists those that nobody ran", () => {
  const one = read({ ...caseFile(), pool: [pooled("a", true), pooled("b", null), pooled("c", false)] });

  const { candidates, unlabelled } = labelledPool(one);

  expect(candidates.map(({ candidate, resolved }) => [candidate, resolved])).toEqual([
    ["a", true],
    ["c", false],
  ]);
  expect(unlabelled).toEqual(["b"]);
});

test("refuses labels that a re-run does not confirm", () => {
  const before = labelsOf([pooled("a", true), pooled("b", false), pooled("c", null)]);
  const again = labelsOf([pooled("a", false), pooled("b", false), pooled("c", true)]);

  expect(refusalOf(() => requireSameLabels("django-1", before, again))).toBe(
    "labels of django-1: patch a: resolved before, unresolved on the re-run",
  );
  expect(() => requireSameLabels("django-1", before, before)).not.toThrow();
});
