import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Proposal } from "../../src/ports/forge.ts";
import { redactingForges } from "../../src/runs/redacting-forges.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";

const ref = { repo: { owner: "octo", name: "calc" }, number: 7 };
const secret = "the webhook secret";
const token = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";

function world() {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
  });
  return { forge, guarded: redactingForges(forge, [secret]).forInstallation(1) };
}

test("a comment shows neither known secrets nor what has the shape of a credential", async () => {
  const { forge, guarded } = world();

  await guarded.upsertComment(ref, "<!-- m -->", `printed: ${secret}, ${token}`);

  expect(forge.comments.map((comment) => comment.body)).toEqual([
    "<!-- m -->\nprinted: [redacted], [redacted]",
  ]);
});

test("a pull request shows none in its texts, and its patch stays as it was tested", async () => {
  const { forge, guarded } = world();
  const changes = [{ path: "a.py", before: "", after: `token = "${token}"\n` }];
  const proposal: Proposal = {
    issue: ref,
    base: { name: "main", sha: "a".repeat(40) },
    branch: "copatcher/issue-7",
    commitMessage: `fix: ${token}`,
    changes,
    title: `fix: ${token}`,
    body: `printed ${secret}`,
    draft: false,
  };

  await guarded.propose(proposal);

  expect(forge.proposals.map((one) => one.proposal)).toEqual([
    {
      ...proposal,
      commitMessage: "fix: [redacted]",
      title: "fix: [redacted]",
      body: "printed [redacted]",
    },
  ]);
});

test("what binds a forge to its run, and a comment to its edition, passes through", async () => {
  const { forge } = world();
  const edition = { run: "run-2", attempt: 2, fence: 1 };
  const mayWrite = () => Promise.reject(new RepairError("lease-lost", "gone"));
  const { signal } = new AbortController();

  await redactingForges(forge, []).forInstallation(1).upsertComment(ref, "<!-- m -->", "new", edition);
  const lost = redactingForges(forge, []).forInstallation(1, { mayWrite, signal });

  await expect(lost.upsertComment(ref, "<!-- m -->", "old")).rejects.toMatchObject({ code: "lease-lost" });
  expect(forge.comments).toMatchObject([{ body: "<!-- m -->\nnew", edition }]);
});

test("checks and issues of the bot show none", async () => {
  const { forge, guarded } = world();
  const said = `printed ${secret}`;
  const check = {
    headSha: "a".repeat(40),
    name: "c",
    externalId: "c",
    conclusion: "neutral",
    title: said,
    summary: said,
    annotations: [{ path: "a.py", line: 1, column: null, level: "warning", message: said }],
    actions: [],
  } as const;

  await guarded.upsertCheckRun(ref.repo, check);
  await guarded.upsertIssue(ref.repo, { marker: "<!-- m -->", title: said, body: said, open: true });

  expect(JSON.stringify([forge.checks, forge.ownIssues])).not.toContain(secret);
  expect(JSON.stringify([forge.checks, forge.ownIssues]).match(/printed \[redacted\]/g)).toHaveLength(5);
});

test("answers, commits and sections on a pull request that is there show none", async () => {
  const { forge, guarded } = world();
  const said = `printed ${secret}`;
  forge.pulls.put({ number: 7 });
  const commit = { issue: ref, branch: "topic", onto: "b".repeat(40), trailer: "t", changes: [] };

  await guarded.pullRequests.reply(ref, 1, "<!-- m -->", said);
  await guarded.pullRequests.addCommit({ ...commit, message: said });
  await guarded.pullRequests.putSection(ref, "<!-- m -->", said);

  const { replies, commits, sections } = forge.pulls;
  const shown = JSON.stringify([replies, commits, [...sections]]);
  expect(shown).not.toContain(secret);
  expect(shown.match(/printed \[redacted\]/g)).toHaveLength(3);
});
