import { describe, expect, test } from "vitest";
import { conclude, levelOf } from "../../src/domain/conclude.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import type { Poc } from "../../src/domain/poc.ts";
import { noProvenance } from "../../src/domain/provenance.ts";
import type { PocResult, TestVerdict } from "../../src/domain/verdict.ts";

const outcome = { kind: "not-started", reason: "test" } as const;
const poc = (id: string): Poc => ({
  id,
  kind: "asserting",
  source: "",
  baseline: outcome,
  reachedEnd: false,
  attempts: 1,
  sourceSample: "poc",
});
const green: TestVerdict = { kind: "ran", passed: 3, regressions: [] };

type Scene = {
  pocs?: readonly PocResult["result"][];
  tests?: TestVerdict;
  votes?: number;
  candidates?: number;
  files?: number;
  /** Each script says just what it said on the base commit. */
  unchanged?: boolean;
};

function evidence(scene: Scene): Evidence {
  const { pocs = [], tests = green, votes = 10, candidates = 1, files = 1, unchanged = false } = scene;
  const samples = Array.from({ length: votes }, (_, i) => `generate/${i}`);
  const candidate = { id: "c", changes: [], patch: "", samples, refines: null, restored: [] };
  const shown = { judgedBy: "rule", outcome, printed: "", unchanged } as const;
  const results = pocs.map((result, i) => ({ poc: `p${i}`, result, ...shown }));
  const verdict = { candidate: "c", pocs: results, tests };
  return {
    baseSha: "0",
    files: Array.from({ length: files }, () => ({ path: "a.py", votes: 1 })),
    locations: [],
    stopped: null,
    samples: 20,
    unneeded: 0,
    feedback: [],
    rejected: [],
    candidates: [],
    pocs: pocs.map((_, i) => poc(`p${i}`)),
    scripts: { fence: "python", repeat: "" },
    failedPocs: [],
    baseline: { kind: "none", reason: "" },
    ranking: {
      ordered: candidates === 0 ? [] : [{ candidate, verdict, size: 1 }],
      decidedBy: "only-candidate",
    },
    flags: [],
    sandbox: "",
    models: {},
    usage: { prompt: 0, completion: 0, estimated: false },
    provenance: noProvenance,
  };
}

test.each<[string, Scene, string]>([
  ["a fixed PoC and holding tests validate", { pocs: ["fixed", "inconclusive"] }, "validated"],
  ["one PoC in three still broken is partial", { pocs: ["fixed", "fixed", "still-broken"] }, "partial"],
  [
    "a fixed PoC without tests is partial",
    { pocs: ["fixed"], tests: { kind: "not-run", because: "no-baseline", reason: "none" } },
    "partial",
  ],
  ["an agreed patch without PoC rests on tests only", { votes: 5 }, "tests-only"],
  [
    "an agreed patch with neither is unverified",
    { tests: { kind: "not-run", because: "no-baseline", reason: "none" } },
    "unverified",
  ],
])("%s", (_, scene, level) => {
  expect(conclude(evidence(scene))).toMatchObject({ kind: "proposed", level });
});

test.each<[string, Scene, string]>([
  ["no suspected file declines", { files: 0 }, "no-location"],
  ["no candidate declines", { candidates: 0 }, "no-candidate"],
  [
    "a regression declines even when PoCs pass",
    { pocs: ["fixed"], tests: { kind: "ran", passed: 1, regressions: ["t"] } },
    "all-regress",
  ],
  ["no PoC fixed declines", { pocs: ["still-broken"] }, "none-passes-poc"],
  ["as many PoCs still broken as fixed declines", { pocs: ["fixed", "still-broken"] }, "none-passes-poc"],
  ["inconclusive PoCs alone prove nothing", { pocs: ["inconclusive"] }, "none-passes-poc"],
  ["a minority patch without PoC declines", { votes: 4 }, "not-reproduced-and-no-majority"],
])("%s", (_, scene, reason) => {
  expect(conclude(evidence(scene))).toMatchObject({ kind: "declined", reason });
});

test("a test run that cannot be trusted declines, whatever the scripts say", () => {
  const tests: TestVerdict = {
    kind: "untrusted",
    reason: "the test run cannot be trusted: x",
    regressions: [],
  };

  expect(conclude(evidence({ pocs: ["fixed"], tests }))).toMatchObject({
    kind: "declined",
    reason: "all-regress",
    explanation: "Of the best candidate the test run cannot be trusted: x.",
  });
});

describe("tests of which a first run could not be trusted", () => {
  const tests: TestVerdict = {
    ...green,
    earlier: { kind: "untrusted", reason: "the test run cannot be trusted: x" },
  };

  test.each<[Scene, string]>([
    [{ pocs: ["fixed"], tests }, "partial"],
    [{ votes: 10, tests }, "unverified"],
  ])("support nothing, although the repeat was in order", (scene, level) => {
    expect(conclude(evidence(scene))).toMatchObject({ kind: "proposed", level });
  });
});

describe("tests that were red before", () => {
  const red = {
    kind: "ran",
    command: "",
    passing: [],
    failing: ["t"],
    flaky: [],
    seconds: 1,
    withoutCanary: null,
    exitStatusCounts: true,
    note: null,
  } as const;

  test.each<[Scene, string]>([
    [{ pocs: ["fixed"] }, "partial"],
    [{ votes: 10 }, "unverified"],
  ])("support nothing", (scene, level) => {
    expect(conclude({ ...evidence(scene), baseline: red })).toMatchObject({ kind: "proposed", level });
  });
});

describe("an explanation claims nothing about candidates that fared otherwise", () => {
  const second = (pocs: readonly PocResult["result"][], tests: TestVerdict) =>
    evidence({ pocs, tests }).ranking.ordered;
  const explanationOf = (scene: Scene, others: Evidence["ranking"]["ordered"]): unknown => {
    const all = evidence(scene);
    const ordered = [...all.ranking.ordered, ...others];
    return conclude({ ...all, ranking: { ordered, decidedBy: "regressions" } });
  };

  test("of which one was spared the tests", () => {
    const breaks: TestVerdict = { kind: "ran", passed: 1, regressions: ["t"] };
    const spared: TestVerdict = { kind: "not-run", because: "fails-every-poc", reason: "" };

    expect(explanationOf({ pocs: ["fixed"], tests: breaks }, second(["still-broken"], spared))).toMatchObject(
      { explanation: "Every candidate breaks tests or passes no script; the best one breaks 1." },
    );
  });

  test("of which one breaks nothing, but could not be trusted at first", () => {
    const breaks: TestVerdict = { kind: "ran", passed: 1, regressions: ["t"] };
    const doubted: TestVerdict = {
      kind: "ran",
      passed: 1,
      regressions: [],
      earlier: { kind: "untrusted", reason: "" },
    };

    expect(explanationOf({ pocs: ["fixed"], tests: breaks }, second(["fixed"], doubted))).toMatchObject({
      explanation:
        "Every candidate breaks tests or has a test run that cannot be trusted; the best one breaks 1.",
    });
  });

  test("of which one passes the script but breaks a test", () => {
    const breaks: TestVerdict = { kind: "ran", passed: 1, regressions: ["t"] };

    expect(explanationOf({ pocs: ["inconclusive"] }, second(["fixed"], breaks))).toMatchObject({
      explanation: expect.stringContaining("makes one of them pass without breaking tests"),
    });
  });
});

test("who declines since no script passes says whether any of them showed something else", () => {
  const explained = (unchanged: boolean) =>
    conclude(evidence({ pocs: ["still-broken", "still-broken"], unchanged }));

  expect(explained(true)).toMatchObject({ explanation: expect.stringContaining("None changes anything") });
  expect(explained(false)).toMatchObject({ explanation: expect.not.stringContaining("None changes") });
});

test("a patch under which a script still shows the issue and none says otherwise is not partly validated", () => {
  const level = (pocs: readonly PocResult["result"][]) => {
    const { ranking, baseline } = evidence({ pocs });
    const [one] = ranking.ordered;
    return one === undefined ? null : levelOf(one.verdict, baseline);
  };

  expect(level(["still-broken"])).toBe("unverified");
  expect(level(["still-broken", "inconclusive"])).toBe("unverified");
  expect(level(["still-broken", "fixed"])).toBe("partial");
});
