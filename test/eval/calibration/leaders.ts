import type { Signals } from "../../../src/domain/calibration/signals.ts";
import type { CaseLeaders } from "../../../src/eval/calibration/case-leaders.ts";

export const strong: Signals = {
  samples: 10,
  votes: 6,
  rivalVotes: 1,
  scriptsFixed: 2,
  scriptsBroken: 0,
  testsHold: true,
};
export const weak: Signals = { ...strong, votes: 1, rivalVotes: 1, scriptsFixed: 0 };

/** A case whose ten runs propose patches with these signals, so many of them right. */
export const caseOf = (
  instance: string,
  runs: readonly { readonly signals: Signals; readonly right: boolean; readonly runs: number }[],
  repository = "acme/calc",
): CaseLeaders => ({
  schema: 1,
  instance,
  repository,
  hash: "0".repeat(64),
  drawn: 10,
  leaders: runs.map((one) => ({ ...one, end: one.signals.scriptsFixed > 0 ? "validated" : "declined" })),
});

/** Strong evidence is right and weak evidence is wrong, in each of so many cases. */
export const clearCases = (count: number): readonly CaseLeaders[] =>
  Array.from({ length: count }, (_, at) =>
    caseOf(`case-${at}`, [
      { signals: strong, right: true, runs: 8 },
      { signals: weak, right: false, runs: 2 },
    ]),
  );
