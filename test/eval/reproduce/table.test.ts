import { describe, expect, test } from "vitest";
import { profiles } from "../../../src/domain/settings.ts";
import { armsToRun, methodOfArm, mostCalls } from "../../../src/eval/reproduce/arm-plan.ts";
import { readTable, type Table } from "../../../src/eval/reproduce/table.ts";
import { readTables } from "../../../src/eval/cli/read-tables.ts";
import { mainMeasure } from "../../../src/eval/reproduce/table.ts";
import { turnMeasures } from "../../../src/eval/reproduce/turn-measures.ts";

const table = (change: object = {}): Table =>
  readTable(
    JSON.stringify({
      id: "T-1",
      paper: "a paper",
      title: "a table",
      profile: { candidates: 20 },
      notes: [],
      arms: [
        { name: "plain", paper: null },
        { name: "more", profile: { candidates: 40 }, paper: null },
        { name: "trained", models: "another checkpoint", paper: null },
      ],
      ...change,
    }),
    "table",
  );

describe("an arm", () => {
  test("samples as the paper says, unless the table or it says otherwise", () => {
    const profileAt = (place: number) => {
      const arm = table().arms[place];
      return arm === undefined ? null : methodOfArm(table(), arm).profile;
    };

    expect(profileAt(0)).toEqual({ ...profiles.paper, candidates: 20 });
    expect(profileAt(1)).toEqual({ ...profiles.paper, candidates: 40 });
  });

  test("that wants other models runs only when it is named", () => {
    const names = (named: readonly string[] | null) => armsToRun(table(), named)?.map(({ name }) => name);

    expect(names(null)).toEqual(["plain", "more"]);
    expect(names(["trained"])).toEqual(["trained"]);
    expect(names(["trained", "unknown"])).toBeUndefined();
  });
});

test("the most calls count every file, attempt and judgement", () => {
  // 5 samples of files and of lines in 5 files; 60 candidates; 4 scripts tried 4 times, the 2 printing ones judged at
  // every try and again, and with each candidate
  const plain = { profile: profiles.paper, critique: false, feedbackTurns: 0 };

  expect(mostCalls(plain)).toBe(5 * 6 + 60 + 16 + 2 * (8 + 60));
  // a review and a new answer for each of the 60, and four answers in each of two turns
  expect(mostCalls({ ...plain, critique: true, feedbackTurns: 2 })).toBe(5 * 6 + 188 + 16 + 2 * (8 + 128));
});

test.each([
  [
    "an arm that is there twice",
    { arms: [0, 0].map(() => ({ name: "a", paper: null })) },
    /a is there twice/,
  ],
  ["a setting that no profile has", { profile: { turns: 3 } }, /profile: Unrecognized key/],
  ["a name that is a path", { id: "../x" }, /is no name of a table/],
])("refuses %s", (_, change, message) => {
  expect(() => table(change)).toThrow(message);
});

test("the shipped tables are readable, and no name stands for two", async () => {
  const { tables, others } = await readTables();
  const ids = [...tables, ...others].map(({ id }) => id);

  expect(tables.map(({ id }) => id)).toContain("C-F5b");
  expect(new Set(ids).size).toBe(ids.length);
});

test("every number of a paper is of a measure that its table has", async () => {
  const { tables } = await readTables();
  const unknown = tables.flatMap((one) => {
    const turns = one.turns === null ? [] : turnMeasures([], one.turns, new Map());
    const known = [mainMeasure(one), ...turns.map(({ name }) => name)];
    return one.arms.flatMap(({ papers }) => Object.keys(papers).filter((name) => !known.includes(name)));
  });

  expect(unknown).toEqual([]);
});

test("every table and figure of the three papers is there, and all but one can be run", async () => {
  const { tables, others } = await readTables();
  const of = (paper: string) => tables.filter(({ id }) => id.startsWith(paper)).length;

  expect([of("C-"), of("P-"), of("F-")]).toEqual([13, 7, 10]);
  expect(others.map(({ id }) => id)).toEqual(["F-T5.8"]);
});
