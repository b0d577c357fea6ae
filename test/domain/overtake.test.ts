import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Candidate } from "../../src/domain/candidate.ts";
import { cannotBeOvertaken } from "../../src/domain/overtake.ts";
import { rank } from "../../src/domain/ranking.ts";
import type { PocResult, TestVerdict, JudgedCandidate } from "../../src/domain/verdict.ts";

const candidate = (id: string, votes: number, refines: string | null = null): Candidate => ({
  id,
  changes: [],
  patch: id,
  samples: Array.from({ length: votes }, (_, i) => `${id}/${i}`),
  refines,
  restored: [],
});
const passing: TestVerdict = { kind: "ran", passed: 1, regressions: [] };
const broken: TestVerdict = { kind: "ran", passed: 0, regressions: ["t"] };
const poc = (result: PocResult["result"]): PocResult => ({
  poc: "p",
  result,
  judgedBy: "rule",
  outcome: { kind: "not-started", reason: "" },
  printed: "",
  unchanged: false,
});

type Quality = { result?: PocResult["result"]; tests?: TestVerdict; printed?: string };

const judged = (
  one: Candidate,
  { result = "fixed", tests = passing, printed = "" }: Quality = {},
): JudgedCandidate => ({
  candidate: one,
  verdict: { candidate: one.id, pocs: [{ ...poc(result), printed }], tests },
  size: 1,
});
const leader = judged(candidate("a", 5));
const nothing = { samples: 0, reviews: 0, unjudged: [] };
const ours = "lexicographic";

test.each<[string, readonly JudgedCandidate[], Partial<typeof nothing>, boolean]>([
  ["nobody else is there", [], { samples: 4 }, true],
  ["as many samples are open as it has votes", [], { samples: 5 }, false],
  [
    "samples and reviews together could give another patch as many votes",
    [],
    { samples: 3, reviews: 2 },
    false,
  ],
  ["the next one could catch up", [judged(candidate("b", 3))], { samples: 2 }, false],
  ["the next one can only come near", [judged(candidate("b", 3))], { samples: 1 }, true],
  [
    "the next one has more votes and is worse",
    [judged(candidate("b", 9), { tests: broken })],
    { samples: 4 },
    true,
  ],
  ["a refinement could catch up by reviews", [judged(candidate("b", 3, "a"))], { reviews: 2 }, false],
  ["reviews give no votes to what was generated", [judged(candidate("b", 3))], { reviews: 3 }, true],
])("when %s", (_, others, open, expected) => {
  expect(cannotBeOvertaken(leader, others, { ...nothing, ...open }, ours)).toBe(expected);
});

test("a candidate without a verdict may turn out to be as good", () => {
  const outstanding = { ...nothing, unjudged: [candidate("b", 5)] };

  expect(cannotBeOvertaken(leader, [], outstanding, ours)).toBe(false);
  expect(cannotBeOvertaken(leader, [], { ...nothing, unjudged: [candidate("b", 4)] }, ours)).toBe(true);
});

test.each<[string, JudgedCandidate]>([
  ["that leaves a script failing", judged(candidate("a", 50), { result: "inconclusive" })],
  ["that breaks a test", judged(candidate("a", 50), { tests: broken })],
  ["whose votes are reviews", judged(candidate("a", 50, "b"))],
  ["of an issue that no script shows", { ...leader, verdict: { ...leader.verdict, pocs: [] } }],
])("a leader %s is never sure", (_, one) => {
  expect(cannotBeOvertaken(one, [], { ...nothing, samples: 1 }, ours)).toBe(false);
});

test("the reference's formula never stops early", () => {
  expect(cannotBeOvertaken(leader, [], { ...nothing, samples: 1 }, "reference")).toBe(false);
});

test("no way in which the open work ends puts another one first", () => {
  const quality = fc.constantFrom(
    {},
    { printed: "a" },
    { tests: broken },
    { result: "still-broken" as const },
  );
  const known = fc.record({ votes: fc.integer({ min: 1, max: 12 }), quality, refined: fc.boolean() });
  const scene = fc.record({
    known: fc.array(known, { minLength: 1, maxLength: 4 }),
    // Each sample, and the review it may ask for, votes for one of the known ones or a new one.
    samples: fc.array(fc.nat(5), { maxLength: 8 }),
    reviews: fc.array(fc.nat(5), { maxLength: 4 }),
    later: fc.array(fc.nat(5), { maxLength: 8 }),
    judgedLater: fc.nat(4),
  });
  fc.assert(
    fc.property(scene, ({ known: classes, samples, reviews, later, judgedLater }) => {
      const all = classes.map(({ votes, quality: how, refined }, at) =>
        judged(candidate(`c${at}`, votes, refined ? "p" : null), how),
      );
      const now = all.filter((_, at) => at !== judgedLater);
      const [first, ...others] = rank(now, ours).ordered;
      const outstanding = {
        samples: samples.length,
        reviews: reviews.length,
        unjudged: all.filter((_, at) => at === judgedLater).map((one) => one.candidate),
      };
      fc.pre(first !== undefined && cannotBeOvertaken(first, others, outstanding, ours));

      const generated = new Set(samples.map((to) => `c${to}`));
      for (const { candidate: one } of all) if (one.refines === null) generated.add(one.id);
      const votes = new Map(
        all.map(({ candidate: { id, refines, samples: own } }) => [
          id,
          // what a sample writes is no refinement any more, and keeps no votes of reviews
          refines !== null && generated.has(id) ? 0 : own.length,
        ]),
      );
      const vote = (id: string) => votes.set(id, (votes.get(id) ?? 0) + 1);
      for (const to of samples) vote(`c${to}`);
      for (const to of [...reviews, ...later.slice(0, samples.length)]) {
        if (!generated.has(`c${to}`)) vote(`c${to}`);
      }
      const final = [...votes].map(([id, count]) => {
        const before = all.find((one) => one.candidate.id === id);
        const one = candidate(id, count, before?.candidate.refines ?? null);
        return before === undefined ? judged(one) : { ...before, candidate: one };
      });

      expect(rank(final, ours).ordered[0]?.candidate.id).toBe(first?.candidate.id);
    }),
    { numRuns: 2_000 },
  );
});
