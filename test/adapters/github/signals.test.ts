import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CheckRun } from "../../../src/domain/check-run.ts";
import { RepairError } from "../../../src/domain/errors.ts";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { forgeSignalsContract } from "../../contracts/forge-signals.ts";
import { makeGitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };

forgeSignalsContract("the GitHub adapter on the embedded GitHub", async () => {
  const world = await makeGitHubWorld(asEntries(baseFiles));
  const { github, repository, forge } = world;
  const number = await github.openIssue("Bug", "It breaks", "rita");
  return {
    forge,
    issue: { repo, number },
    headSha: (await repository.git("rev-parse", "main")).trim(),
    addLabel: async (name) => void (await github.addLabel(number, name, "wanda")),
    reactions: async () => github.reactions(`issues/${number}`),
    checks: async () =>
      github.checks().map(({ title, conclusion, annotations }) => ({
        title,
        conclusion,
        annotations: annotations.length,
      })),
    async ownIssues() {
      const issues = await Promise.all([2, 3].map((other) => github.issue(other).catch(() => null)));
      return issues
        .filter((issue) => issue !== null)
        .map(({ title, body, state }) => ({ title, body, open: state === "open" }));
    },
    close: () => world.close(),
  };
});

describe("signals on a GitHub that does not do as it is asked", () => {
  let world: FaultyWorld;
  let forge: Forge;
  let issue: IssueRef;
  let headSha: string;
  beforeAll(async () => {
    world = await makeFaultyWorld(asEntries(baseFiles));
    headSha = (await world.repository.git("rev-parse", "main")).trim();
  });
  beforeEach(async () => {
    world.wire.fate = () => "passes";
    forge = world.startProcess().forInstallation(world.github.installationId);
    issue = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
    world.wire.writes.length = 0;
  });
  afterAll(() => world.close());

  const check = (externalId: string): CheckRun => ({
    headSha,
    name: "bot / check",
    externalId,
    conclusion: "neutral",
    title: "Seen",
    summary: "Seen",
    annotations: [],
    actions: [],
  });
  const checksOf = (externalId: string) =>
    forge.upsertCheckRun(repo, check(externalId)).then(() => world.github.checks());

  test.each([403, 404])("a check that GitHub refuses with %d is left out", async (status) => {
    world.wire.fate = ({ path }) =>
      path.includes("check-runs") ? { status, message: "Resource not accessible by integration" } : "passes";

    expect(await forge.upsertCheckRun(repo, check("refused"))).toBeNull();
  });

  test("a refusal for GitHub's rate limits is no missing right", async () => {
    world.wire.fate = ({ path }) =>
      path.includes("check-runs")
        ? {
            status: 403,
            headers: { "retry-after": "600" },
            message: "You have exceeded a secondary rate limit",
          }
        : "passes";

    await expect(forge.upsertCheckRun(repo, check("limited"))).rejects.toMatchObject({
      code: "forge-unavailable",
    });
  });

  test.each(["lost", "unanswered"] as const)("writes one check when the first answer is %s", async (fate) => {
    const before = world.github.checks().length;
    let first = true;
    world.wire.fate = ({ method, path }) => {
      if (method !== "POST" || !path.endsWith("/check-runs") || !first) return "passes";
      first = false;
      return fate;
    };

    expect(await checksOf(fate)).toHaveLength(before + 1);
  });

  test("says nothing twice when nothing changed", async () => {
    await forge.upsertCheckRun(repo, check("same"));
    await forge.paintLabel(issue, { name: "bot: on", color: "ededed", description: "" }, ["bot: on"]);
    world.wire.writes.length = 0;

    await forge.upsertCheckRun(repo, check("same"));
    await forge.paintLabel(issue, { name: "BOT: on", color: "ededed", description: "" }, ["bot: on"]);

    expect(world.wire.writes).toEqual([]);
  });

  test("writes nothing for a run that is no longer its worker's", async () => {
    const lost = new RepairError("lease-lost", "another has it");
    const use = { mayWrite: () => Promise.reject(lost), signal: new AbortController().signal };
    const late = world.startProcess().forInstallation(world.github.installationId, use);
    const label = { name: "bot: late", color: "ededed", description: "" };
    const own = { marker: "<!-- m:late -->", title: "Late", body: "", open: true };

    for (const write of [
      () => late.react({ kind: "issue", issue }, "eyes"),
      () => late.paintLabel(issue, label, [label.name]),
      () => late.upsertCheckRun(repo, check("late")),
      () => late.upsertIssue(repo, own),
    ])
      await expect(write()).rejects.toMatchObject({ code: "lease-lost" });

    expect(world.wire.writes).toEqual([]);
  });

  test("makes a label once for all issues", async () => {
    const label = { name: "bot: new", color: "0e8a16", description: "New" };
    const other = { repo, number: await world.github.openIssue("Other", "It breaks", "rita") };

    await forge.paintLabel(issue, label, [label.name]);
    await forge.paintLabel(other, label, [label.name]);

    expect(world.wire.writes.filter((write) => write.endsWith("/rates/labels"))).toHaveLength(1);
    expect((await world.github.issue(other.number)).labels).toEqual(["bot: new"]);
  });

  test("does not mind that what it reacts to is gone", async () => {
    const gone = { kind: "comment", repo, comment: 99_999 } as const;

    await expect(forge.react(gone, "eyes")).resolves.toBeUndefined();
  });

  test("does not take a person's issue with the marker for its own", async () => {
    const marker = "<!-- m:stolen -->";
    const theirs = await world.github.openIssue("Stolen", `${marker}\nMine`, "rita");

    const own = await forge.upsertIssue(repo, { marker, title: "Ours", body: "Text", open: true });

    expect(own).not.toBe(theirs);
    expect((await world.github.issue(theirs)).title).toBe("Stolen");
  });

  test("reads a file of a commit, and which files a pull request changes", async () => {
    const { repository, github } = world;
    await repository.git("branch", "change", "main");
    const changed = { ...baseFiles, "src/rates.py": "RATE = 9\n" };
    const sha = await repository.commit(asEntries(changed), "change");
    const { payload } = await github.openPullRequest("change", "main", "Change", "wanda");
    const { number } = payload["pull_request"] as { number: number };

    expect(Buffer.from((await forge.file(repo, "src/rates.py", sha)) ?? []).toString()).toBe("RATE = 9\n");
    expect(await forge.file(repo, "none.py", sha)).toBeNull();
    expect(await forge.changedFiles(repo, number)).toEqual(["src/rates.py"]);
  });
});
