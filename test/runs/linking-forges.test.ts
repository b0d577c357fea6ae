import { expect, test } from "vitest";
import { maxBody } from "../../src/report/markdown.ts";
import { linkingForges } from "../../src/runs/linking-forges.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";

const ref = { repo: { owner: "octo", name: "calc" }, number: 7 };
const edition = { run: "run1", attempt: 1, fence: 1 };
const link = "<sub>[The page of this run](https://bot.example/run1)</sub>";

function world() {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
  });
  const linked = linkingForges(forge, (id) => `https://bot.example/${id}`).forInstallation(1);
  return { forge, linked };
}

test("a run's comment and pull request end with the way to its page", async () => {
  const { forge, linked } = world();

  await linked.upsertComment(ref, "<!-- m -->", "text", edition);
  await linked.propose({
    issue: ref,
    base: { name: "main", sha: "a".repeat(40) },
    branch: "copatcher/issue-7",
    commitMessage: "fix",
    changes: [{ path: "a.py", before: "", after: "1\n" }],
    title: "fix",
    body: "text",
    draft: true,
    edition,
  });

  expect(forge.comments[0]?.body.endsWith(`text\n\n${link}`)).toBe(true);
  expect(forge.proposals[0]?.proposal.body).toBe(`text\n\n${link}`);
});

test("a comment of no run, and one without room, stay as they are", async () => {
  const { forge, linked } = world();
  const full = "x".repeat(maxBody);

  await linked.upsertComment(ref, "<!-- a -->", "text");
  await linked.upsertComment(ref, "<!-- b -->", full, edition);

  expect(forge.comments.map(({ body }) => body).filter((body) => body.includes("bot.example"))).toEqual([]);
});
