import { expect, test } from "vitest";
import { RepoSettings } from "../../../src/domain/settings.ts";

const problemOf = (settings: object): string | undefined =>
  RepoSettings.safeParse(settings).error?.issues[0]?.message;

test.each([
  [{ pr: { title: "{number}: {title}" } }],
  [{ branch: { name: "feature/{number}-{slug}" } }],
  [{ pr: { reviewers: ["requester", "mona-1"], labels: ["bug", "needs review"] } }],
])("%j is taken", (settings) => {
  expect(problemOf(settings)).toBeUndefined();
});

test.each([
  [{ pr: { title: "{issue}" } }, "has {issue}; known are {title}, {number}"],
  [{ pr: { title: " " } }, "Too small"],
  [{ branch: { name: "fix/{slug}" } }, "needs {number}"],
  [{ branch: { name: "fix/{number}/{id}" } }, "has {id}; known are {number}, {slug}"],
  [{ branch: { name: "fix {number}" } }, "has other characters"],
  [{ branch: { name: "../{number}" } }, "has a part that begins with"],
  [{ pr: { reviewers: ["octo/team"] } }, "is no login"],
])("%j is refused: %s", (settings, why) => {
  expect(problemOf(settings)).toContain(why);
});
