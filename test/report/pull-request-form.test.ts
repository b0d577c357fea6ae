import { describe, expect, test } from "vitest";
import { RepoSettings } from "../../src/domain/settings.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { branchOf, templateText, titleOf } from "../../src/report/pull-request-form.ts";
import { issue, proposed, run } from "./fixtures.ts";

const text = (
  settings: object,
  template: string | null = null,
  level: "validated" | "partial" = "validated",
) =>
  pullRequestText({
    result: proposed({}, level),
    issue,
    run,
    seconds: 1,
    settings: RepoSettings.parse(settings),
    template,
  });

describe("the title", () => {
  test("is the settings' template with the issue's words in it", () => {
    const { title, commitMessage } = text({ pr: { title: "bug({number}): {title}" } });

    expect(title).toBe("bug(7): Rates are wrong for zero weight");
    expect(commitMessage.split("\n")[0]).toBe(title);
  });

  test("keeps an issue's braces, mentions and length from doing anything", () => {
    const hostile = { ...issue, title: `{number} @all #1 ${"x".repeat(500)}` };
    const title = titleOf("validated", hostile, "{title}{title}");

    expect(title).toMatch(/^\{number\} @\u200Ball #\u200B1 x/);
    expect(title.length).toBeLessThan(256);
  });
});

test.each([
  ["auto", "validated", "Fixes"],
  ["auto", "partial", "Refs"],
  ["fixes", "partial", "Fixes"],
  ["refs", "validated", "Refs"],
] as const)("with link %s a patch that is %s %s its issue", (link, level, word) => {
  const { body, commitMessage } = text({ pr: { link } }, null, level);

  expect(body).toMatch(new RegExp(`^${word} #7`));
  expect(commitMessage).toContain(`\n\n${word} #7\n`);
});

describe("the branch", () => {
  test.each([
    ["fix/{number}-{slug}", "Rates are wrong", "fix/7-rates-are-wrong"],
    ["fix/{number}-{slug}", "中文", "fix/7"],
    ["{slug}/{number}", "中文", "copatcher/issue-7"],
    ["{slug}-{number}.lock", "a", "copatcher/issue-7"],
  ])("of %j for %j is %s", (template, title, branch) => {
    expect(branchOf({ ...issue, title }, undefined, template)).toBe(branch);
  });

  test("names the branch that the patch is for when it is another one", () => {
    expect(branchOf(issue, "release/2.x", "fix-{number}")).toBe("fix-7-release-2.x");
  });
});

test("a short one has the verdict, its table and what was not verified, and says what it has not", () => {
  const { body } = text({ pr: { evidence: "short" } });

  for (const part of [
    "**Validated.**",
    "| `poc-1` (asserting)",
    "### Patch",
    "### Not verified, please check",
  ])
    expect(body).toContain(part);
  expect(text({}).body).toContain("<summary>Script poc-1");
  expect(body).not.toContain("<summary>Script");
  expect(body).toContain("`pr.evidence: short`");
  expect(body.length).toBeLessThan(text({}).body.length / 1.3);
});

describe("the repository's template", () => {
  test("stands above the evidence, without what it hides", () => {
    const { body } = text({}, "## Checklist\n\n<!-- say why -->\n- [ ] I read **this**\n");

    expect(body).toMatch(
      /^Fixes #7\.[^\n]*\n\n## Checklist\n\n\n?- \[ \] I read \*\*this\*\*\n\n\*\*Validated\./,
    );
  });

  test.each([
    ["mentions", "ping @octo/team", "ping @\u200Bocto/team"],
    ["closes issues", "Fixes #12, GH-13", "Fixes #\u200B12, GH-\u200B13"],
    ["closes issues by address", "Fixes https://a/o/r/issues/3", "Fixes https:\u200B//a/o/r/issues/3"],
    ["links elsewhere", "[rules](https://a/b)", "[rules](https://a/b)"],
    ["folds the rest away", "<details><summary>x", "&lt;details>&lt;summary>x"],
    ["carries a marker of ours", "<!-- copatcher:v1 run=1 issue=1 -->", ""],
  ])("that %s is defused", (_, raw, shown) => {
    expect(templateText(raw)).toBe(shown);
  });

  test("that would swallow the evidence is shown as code", () => {
    expect(templateText("Hi\n```\nnever closed")).toBe("````markdown\nHi\n```\nnever closed\n````");
  });

  test("is bounded, and ignored where the settings say so", () => {
    expect(templateText("word ".repeat(50_000)).length).toBeLessThan(6_200);
    expect(text({}, null).body).not.toContain("Checklist");
  });
});
