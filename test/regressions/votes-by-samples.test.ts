import { expect, test } from "vitest";
import { classKey, groupByClass, type AppliedSample } from "../../src/domain/candidate-class.ts";
import { applyEdits } from "../../src/domain/apply-edits.ts";
import { rank } from "../../src/domain/ranking.ts";
import { createPython } from "../../src/languages/python/python.ts";

const python = await createPython();
const before = "def price(kilograms):\n    return 5\n";

/** A sample that leaves the file as given. */
const sample = (index: number, after: string): AppliedSample => {
  const changes = [{ path: "shop.py", before, after }];
  const key = classKey(changes, (_, text) => python.normalForm(text));
  return {
    sample: `generate/${index}/0`,
    index,
    key,
    changes,
    patch: after,
    size: 2,
    characters: 100,
    refines: null,
    restored: [],
  };
};

const equal = { pocs: [], tests: { kind: "ran", passed: 1, regressions: [] } } as const;

/** The text of the winner when nothing but the votes tells the candidates apart, and its votes. */
function winnerOf(samples: readonly AppliedSample[]): readonly [patch: string | undefined, votes: number] {
  const judged = groupByClass(samples).map(({ candidate }) => ({
    candidate,
    verdict: { candidate: candidate.id, ...equal },
    size: 2,
  }));
  const [winner] = rank(judged, "lexicographic").ordered;
  return [winner?.candidate.patch, winner?.candidate.samples.length ?? 0];
}

const right = before.replace("5", "6");
const wrong = before.replace("5", "7");

test("fifty-seven equal patches win over two that differ in a comment only", () => {
  const commented = ["# light\n", "# a light one\n"].map((text) => text + wrong);
  const samples = [...commented, ...Array.from({ length: 57 }, () => right)].map((text, index) =>
    sample(index, text),
  );

  expect(winnerOf(samples)).toEqual([right, 57]);
  expect(groupByClass(samples)).toHaveLength(2);
});

test("patches that differ in a comment have the votes of both", () => {
  const samples = [right, `# light\n${right}`, `${right}\n\n`, wrong, wrong].map((text, index) =>
    sample(index, text),
  );

  expect(winnerOf(samples)).toEqual([right, 3]);
});

test("who wins does not depend on the order in which samples end", () => {
  const samples = [wrong, right, wrong, right, `${wrong}# twice\n`].map((text, index) => sample(index, text));

  expect(winnerOf(samples.toReversed())).toEqual(winnerOf(samples));
});

test("a new file, of which there is no original, has a class of its own", () => {
  const created = (after: string) =>
    classKey([{ path: "new.py", before: null, after }], (_, text) => python.normalForm(text));

  expect(new Set([created("x = 1\n"), created("x = 2\n"), created("")]).size).toBe(3);
  expect(created("x = 1  # one\n")).toBe(created("x = 1\n"));
});

test("a patch that changes nothing is no candidate", () => {
  const nothing = applyEdits(
    [{ path: "shop.py", search: "    return 5\n", replace: "    return 5\n" }],
    () => ({
      text: before,
    }),
  );

  expect(nothing).toMatchObject({ ok: false, rejection: { reason: "no-change" } });
});
