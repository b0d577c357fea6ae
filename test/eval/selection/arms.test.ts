import { describe, expect, test } from "vitest";
import { arms } from "../../../src/eval/selection/arms.ts";
import { conclusionOf, endOf } from "../../../src/eval/selection/conclusion.ts";
import type { JudgedPool } from "../../../src/eval/selection/judge-pool.ts";
import { judgedPool } from "./judged.ts";

const patch = (id: string, key: string, size = 2) => ({ id, key, size });

/** What each arm picks among all of the pool, or among some. */
function picksOf(pool: JudgedPool, ids = pool.samples.map(({ id }) => id)) {
  return Object.fromEntries(arms.map(({ name, decide }) => [name, decide(pool, ids).picked]));
}

describe("among a repeated wrong patch, a right one, and one that breaks a test", () => {
  const pool = judgedPool(
    [
      patch("none", ""),
      patch("w1", "wrong"),
      patch("w2", "wrong"),
      patch("b", "breaks"),
      patch("r", "right"),
    ],
    { wrong: { fixed: false }, right: {}, breaks: { breaks: ["t::a"] } },
  );

  test("each arm picks by what it is given", () => {
    expect(picksOf(pool)).toEqual({
      first: "none",
      majority: "w1",
      reference: "r",
      ours: "r",
      "ours-no-pocs": "w1",
      "ours-no-tests": "b",
    });
  });

  test("a part of the pool is chosen from as if nothing else had been drawn", () => {
    expect(picksOf(pool, ["w1", "b"])).toMatchObject({ majority: "w1", ours: "b", reference: "b" });
    expect(picksOf(pool, ["none"])).toMatchObject({ first: "none", majority: null, ours: null });
  });

  test("only what was executed with scripts and tests is called validated", () => {
    const validated = arms.flatMap(({ name, decide }) => {
      const ids = pool.samples.map(({ id }) => id);
      return endOf(conclusionOf(pool, decide(pool, ids), ids.length)) === "validated" ? [name] : [];
    });

    expect(validated).toEqual(["reference", "ours"]);
  });

  test("without scripts the choice concludes as a run without any would", () => {
    const ids = pool.samples.map(({ id }) => id);
    const blind = arms.find(({ name }) => name === "ours-no-pocs");
    if (blind === undefined) throw new Error("the arm is there");

    expect(endOf(conclusionOf(pool, blind.decide(pool, ids), ids.length))).toBe("proposed");
  });
});

test("our leader needs a second run that agrees, the reference's does not", () => {
  const pool = judgedPool([patch("x1", "shaky"), patch("x2", "shaky"), patch("r", "right")], {
    shaky: { breaksAgain: ["t::a"] },
    right: {},
  });

  expect(picksOf(pool)).toMatchObject({ ours: "r", "ours-no-pocs": "r", reference: "x1" });
});

test("a second run counts for who would lead only", () => {
  const pool = judgedPool([patch("r1", "right"), patch("r2", "right"), patch("x", "shaky")], {
    right: {},
    shaky: { breaksAgain: ["t::a"] },
  });
  const ours = arms.find(({ name }) => name === "ours");
  const decision = ours?.decide(
    pool,
    pool.samples.map(({ id }) => id),
  );

  expect(decision?.ordered.map(({ candidate, verdict }) => [candidate.id, verdict.tests])).toMatchObject([
    ["right", { regressions: [] }],
    ["shaky", { regressions: [] }],
  ]);
});

test("the released formula forgives a broken test where a script passes, ours does not", () => {
  const pool = judgedPool([patch("b", "breaks"), patch("f", "fixes-nothing")], {
    breaks: { breaks: ["t::a"] },
    "fixes-nothing": { fixed: false },
  });

  expect(picksOf(pool)).toMatchObject({ reference: "b", "ours-no-pocs": "f" });
});

test("the released formula runs the tests of who fixes nothing, ours spares them", () => {
  const pool = judgedPool([patch("b1", "breaks"), patch("b2", "breaks"), patch("f", "fixes-nothing")], {
    breaks: { fixed: false, breaks: ["t::a"] },
    "fixes-nothing": { fixed: false },
  });

  expect(picksOf(pool)).toMatchObject({ reference: "f", ours: "b1" });
});

test("equal evidence goes by votes, then by size", () => {
  const pool = judgedPool([patch("long", "long", 9), patch("short", "short", 1)], { long: {}, short: {} });

  expect(picksOf(pool)).toMatchObject({ majority: "long", reference: "long", ours: "short" });
});
