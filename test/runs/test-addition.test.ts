import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Forge } from "../../src/ports/forge.ts";
import type { MemoryPullRequest } from "../fakes/memory-pull-requests.ts";
import { goodTestId, testAnswer, testPath } from "../fixtures/tested-project.ts";
import { reviewWorld } from "./review-world.ts";

const kind = "test-addition" as const;

test("the script becomes a test in one commit on the head, with new evidence in the text and beside the commit", async () => {
  const { world, head, work, said, end } = await reviewWorld({ kind });

  await work();

  const { commits, sections } = world.forge.pulls;
  expect(commits).toMatchObject([
    {
      branch: "copatcher/issue-7",
      onto: head,
      message: expect.stringMatching(/^test: add subtracts\n[^]*Refs #7\n\nCopatcher-Run: run-2\nCo-auth/),
      changes: [{ path: testPath, after: expect.stringContaining("add(2, 2), 4") }],
    },
  ]);
  expect([...sections.values()]).toEqual([expect.stringContaining("### Evidence with the test added in")]);
  expect(world.forge.checks.at(-1)?.check).toMatchObject({
    headSha: commits[0]?.sha,
    name: "copatcher / validation",
    externalId: "validation:run-1",
    summary: expect.stringContaining(`The added test (\`${goodTestId}\`) fails on the base commit`),
  });
  expect(said()).toContain("**Copatcher added a test in commit");
  expect(await end()).toEqual({ at: "checked" });
});

test("the models are shown the script of the run that opened the pull request, and no new one is written", async () => {
  const { asked, work } = await reviewWorld({ kind, hint: "Put it beside the others." });
  const before = asked.length;

  await work();

  const [question, ...others] = asked.slice(before);
  expect([question?.stage, others]).toEqual(["add-test", []]);
  expect(question?.messages[0]?.content).toContain("assert add(2, 2) == 4");
  expect(question?.messages[0]?.content).toContain("Put it beside the others.");
});

test("a test that shows nothing is not committed, and the answer says why", async () => {
  const { world, work, said } = await reviewWorld({ kind, test: testAnswer("    # add(2, 2)") });

  await work();

  expect(world.forge.pulls.commits).toEqual([]);
  expect(said()).toContain("**Copatcher added no test:** of 1 written test none fails on the base commit");
  expect(said()).toContain("- the test runner finds no new test");
});

test("a head that moved meanwhile stays as it is", async () => {
  const { world, work, said } = await reviewWorld({ kind });

  await work((forge) => ({
    ...forge,
    pullRequests: {
      ...forge.pullRequests,
      addCommit(commit) {
        world.forge.pulls.push(commit.branch, "d".repeat(40));
        return forge.pullRequests.addCommit(commit);
      },
    },
  }));

  expect(world.forge.pulls.commits).toEqual([]);
  expect(said()).toContain("the branch has moved on since");
  expect(said()).toContain("`/copatcher add-test` again");
});

test.each(["addCommit", "putSection", "upsertCheckRun"] as const)(
  "a run that is cut off after %s goes on without doubling anything",
  async (step) => {
    const { world, work, said } = await reviewWorld({ kind });
    let cut = false;
    const after = async <T>(name: typeof step, done: Promise<T>): Promise<T> => {
      const value = await done;
      if (name !== step || cut) return value;
      cut = true;
      throw new RepairError("forge-unavailable", "nobody knows what became of it");
    };
    const cutting = (forge: Forge): Forge => ({
      ...forge,
      upsertCheckRun: (...all) => after("upsertCheckRun", forge.upsertCheckRun(...all)),
      pullRequests: {
        ...forge.pullRequests,
        addCommit: (commit) => after("addCommit", forge.pullRequests.addCommit(commit)),
        putSection: (...all) => after("putSection", forge.pullRequests.putSection(...all)),
      },
    });

    await work(cutting);
    await world.deps.clock.sleep(600_000);
    // a check that cannot be written stops nothing
    if (step !== "upsertCheckRun") await work((forge) => forge, "worker-2");

    const { commits, sections } = world.forge.pulls;
    const checks = world.forge.checks.filter(({ check }) => check.headSha === commits[0]?.sha);
    expect([cut, commits.length, sections.size, checks.length]).toEqual([true, 1, 1, 1]);
    expect(said()).toContain("**Copatcher added a test in commit");
  },
);

test.each<[string, Partial<MemoryPullRequest>, string]>([
  ["is closed", { open: false }, "the pull request is closed"],
  ["comes from a fork", { head: { branch: "copatcher/issue-7", sha: "b", foreign: true } }, "(a fork)"],
  ["was not opened by the bot", { own: false }, "this is none of them"],
])("a pull request that %s gets no test", async (_, pull, why) => {
  const { world, work, said } = await reviewWorld({ kind, pull });

  await work();

  expect(said()).toContain(why);
  expect(world.forge.pulls.commits).toEqual([]);
});

test("without a script that reproduced the issue nobody is asked", async () => {
  const { world, asked, work, said } = await reviewWorld({ kind });
  const before = asked.length;

  const { records } = world.deps;
  await work(undefined, undefined, { records: { ...records, events: () => Promise.resolve([]) } });

  expect(said()).toContain("has no script that reproduced the issue");
  expect(asked.length).toBe(before);
});

test("where nothing can be executed no test is added", async () => {
  const { world, breakToolchain, work, said } = await reviewWorld({ kind });
  breakToolchain();

  await work();

  expect(said()).toContain("nothing can be executed for this repository");
  expect(world.forge.pulls.commits).toEqual([]);
});
