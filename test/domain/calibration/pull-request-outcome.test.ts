import { expect, test } from "vitest";
import type { RecordEvent } from "../../../src/domain/record/event.ts";
import { pullRequestOutcome } from "../../../src/domain/calibration/pull-request-outcome.ts";
import { selectionSignals } from "../../../src/domain/calibration/selection-signals.ts";
import { choice, feedback, head, heard } from "./recorded.ts";

const now = Date.parse("2026-05-31T10:00:00Z");
const outcomeOf = (events: readonly RecordEvent[]) => pullRequestOutcome({ events }, now);

const { opened, merged, closed, reopened, issueReopened, reverted } = heard;

test.each([
  ["merged as it was opened, and left so", [opened("01"), merged("02")], true],
  ["merged with another head", [opened("01"), merged("02", "b".repeat(40))], false],
  ["merged, and its issue was opened again", [opened("01"), merged("02"), issueReopened("29")], false],
  ["merged, and taken back later", [opened("01"), merged("02"), reverted("29")], false],
  ["closed", [opened("01"), closed("02")], false],
  ["closed and later merged, told in another order", [merged("05"), closed("02"), opened("01")], true],
])("what was %s", (_, told, right) => {
  expect(outcomeOf([...choice(), ...feedback(...told)])).toMatchObject({ right });
});

test.each([
  ["open", [opened("01"), closed("02"), reopened("03")], "it is open"],
  ["merged a week ago", [opened("01"), merged("24")], "it was merged less than 14 days ago"],
  ["never heard of", [], "nothing was heard of it"],
])("of what is %s nothing is known", (_, told, unknown) => {
  expect(outcomeOf([...choice(), ...feedback(...told)])).toEqual({ unknown });
});

test("what was merged without word of its opening counts as it was when nobody pushed to it", () => {
  const pushed = {
    what: "pushed",
    before: head,
    headSha: head,
    commits: [],
    by: "alice",
    at: "2026-05-01",
  } as const;

  expect(outcomeOf([...choice(), ...feedback(merged("02"))])).toMatchObject({ right: true });
  expect(outcomeOf([...choice(), ...feedback(pushed, merged("02"))])).toMatchObject({ right: false });
});

test("a run that proposed nothing has no outcome", () => {
  const declined = choice({ winner: null, outcome: "none-passes-poc" });

  expect(outcomeOf([...declined, ...feedback(opened("01"), merged("02"))])).toEqual({
    unknown: "its run's record holds no choice",
  });
});

test("the signals are those that the run's own evidence gave", () => {
  expect(selectionSignals(choice())).toEqual({
    samples: 5,
    votes: 2,
    rivalVotes: 1,
    scriptsFixed: 2,
    scriptsBroken: 0,
    testsHold: true,
  });
});

test("the samples are those that the run which chose says it had", () => {
  expect(selectionSignals(choice({ samples: 60 }))).toMatchObject({ samples: 60 });
});

test("of a record without them only the first round of the run that chose is counted", () => {
  const later = { refines: "a", patch: { sha256: "1".repeat(64), bytes: 9 }, paths: ["a.py"], lines: 3 };
  const declined = choice({ winner: null, outcome: "none-passes-poc" });
  const others: RecordEvent[] = [
    { kind: "candidate", candidate: "d", samples: ["critique/0/0"], restored: [], ...later },
    { kind: "rejection", sample: "feedback/1/0", reason: "no-answer", detail: "" },
  ];
  const revision: RecordEvent[] = [
    { kind: "candidate", candidate: "e", samples: ["generate/7/0", "revise/0"], restored: [], ...later },
    ...choice({ ordered: [] }).slice(-1),
  ];
  const more: RecordEvent[] = [
    { kind: "rejection", sample: "generate/5/0", reason: "no-answer", detail: "" },
    ...declined,
  ];

  expect(selectionSignals([...more, ...others, ...choice(), ...revision])).toMatchObject({ samples: 5 });
});

test.each([
  ["of a patch without tests that count", { outcome: "partial" }, false],
  ["of a patch that nothing executed speaks for", { outcome: "unverified" }, false],
  ["of a patch that the tests alone speak for", { outcome: "tests-only" }, true],
])("the tests %s", (_, change, testsHold) => {
  expect(selectionSignals(choice(change))).toMatchObject({ testsHold });
});

test("where one script still shows the issue, the tests are told by their own result", () => {
  const [first] = choice().flatMap((event) => (event.kind === "selection" ? event.ordered : []));
  if (first === undefined) throw new Error("the choice has a winner");
  const partial = (tests: string) =>
    choice({ outcome: "partial", ordered: [{ ...first, pocsFailed: 1, tests }] });

  expect(selectionSignals(partial("ran"))).toMatchObject({ testsHold: true, scriptsBroken: 1 });
  expect(selectionSignals(choice({ testsHold: false }))).toMatchObject({ testsHold: false });
  expect(selectionSignals(partial("not-run"))).toMatchObject({ testsHold: false });
  const altered = choice({ outcome: "partial", ordered: [{ ...first, pocsFailed: 1, altered: 1 }] });
  expect(selectionSignals(altered)).toMatchObject({ testsHold: false });
});
