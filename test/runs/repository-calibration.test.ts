import { expect, test } from "vitest";
import type { Calibration } from "../../src/domain/calibration/calibration.ts";
import { fitted } from "../../src/domain/calibration/fitted.ts";
import type { RecordedPullRequest } from "../../src/domain/calibration/pull-request-outcome.ts";
import { repositoryCalibrations } from "../../src/runs/repository-calibration.ts";
import { choice, feedback, heard } from "../domain/calibration/recorded.ts";

const decided: Calibration = { ...fitted, undecided: null };
const calc = { owner: "octo", name: "calc" };
const { opened, closed, merged } = heard;

const closedOnes = (count: number): readonly RecordedPullRequest[] =>
  Array.from({ length: count }, (_, number) => ({
    number,
    events: [...choice(), ...feedback(opened("01"), closed("02"))],
  }));

/** The record of one repository, and how often it was asked for. */
function recorded(pulls: readonly RecordedPullRequest[], of: Calibration = decided) {
  const asked: string[] = [];
  const clock = { time: Date.parse("2026-05-31T10:00:00Z"), now: () => clock.time };
  const records = {
    pullRequests: ({ name }: { readonly name: string }, limit: number) => {
      asked.push(`${limit} of ${name}`);
      return Promise.resolve(name === "calc" ? pulls : []);
    },
  };
  return { asked, clock, calibrationOf: repositoryCalibrations({ records, clock }, of) };
}

test("a repository's own outcomes move the calibration for it, and for no other", async () => {
  const { calibrationOf } = recorded([
    ...closedOnes(9),
    { number: 50, events: [...choice(), ...feedback(opened("01"), merged("02"))] },
    { number: 51, events: [...choice(), ...feedback(opened("01"))] },
  ]);

  const corrected = await calibrationOf(calc);

  expect(corrected).toEqual({
    ...decided,
    intercept: corrected.intercept,
    correctedBy: { outcomes: 10, right: 1 },
  });
  expect(corrected.intercept).toBeLessThan(decided.intercept - 1);
  expect(await calibrationOf({ ...calc, name: "other" })).toEqual(decided);
});

test("below ten outcomes nothing moves", async () => {
  expect(await recorded(closedOnes(9)).calibrationOf(calc)).toEqual(decided);
});

test("where the calibration decides nothing, no record is read and nothing is moved", async () => {
  const { calibrationOf, asked } = recorded(closedOnes(20), { ...fitted, undecided: "six cases" });

  expect(await calibrationOf(calc)).toMatchObject({ undecided: "six cases", intercept: fitted.intercept });
  expect(asked).toEqual([]);
});

test("a repository's record is read once in ten minutes", async () => {
  const { calibrationOf, asked, clock } = recorded(closedOnes(12));

  const first = await calibrationOf(calc);
  clock.time += 599_000;
  expect(await calibrationOf({ owner: "OCTO", name: "calc" })).toBe(first);
  clock.time += 1_000;
  expect(await calibrationOf(calc)).toEqual(first);
  expect(asked).toEqual(["50 of calc", "50 of calc"]);
});

test("a record that could not be read is read again", async () => {
  const { calibrationOf, clock } = recorded(closedOnes(12));
  let reads = 0;
  const records = {
    pullRequests: () => {
      reads += 1;
      return reads === 1
        ? Promise.reject(new Error("the database is away"))
        : Promise.resolve(closedOnes(12));
    },
  };
  const again = repositoryCalibrations({ records, clock }, decided);

  await expect(again(calc)).rejects.toThrow("the database is away");
  expect(await again(calc)).toEqual(await calibrationOf(calc));
});
