import { expect, test } from "vitest";
import { RepoSettings } from "../../../src/domain/settings.ts";
import { labelFamily, labelOf, triggerLabelOf } from "../../../src/domain/settings/labels.ts";

test.each([
  [true, "copatcher"],
  [false, null],
  ["fix me", "fix me"],
])("trigger.label %j is the label %j", (label, name) => {
  expect(triggerLabelOf(RepoSettings.parse({ trigger: { label } }).trigger.label)).toBe(name);
});

test.each(["", "a,b", "a\nb", "x".repeat(51)])("%j is no label's name", (label) => {
  expect(RepoSettings.safeParse({ trigger: { label } }).success).toBe(false);
  expect(RepoSettings.safeParse({ labels: { queued: label } }).success).toBe(false);
});

test("a label that has another name keeps its colour and meaning, and the usual name is taken off, too", () => {
  const { labels } = RepoSettings.parse({ labels: { pr_open: "bot: patch" } });

  expect(labelOf("pr-open", labels)).toEqual({
    name: "bot: patch",
    color: "0e8a16",
    description: "Copatcher opened a pull request for this issue",
  });
  expect(labelFamily(labels)).toEqual(expect.arrayContaining(["bot: patch", "copatcher: pr-open"]));
});
