import { expect, test } from "vitest";
import { executeRun } from "../../src/runs/execute-run.ts";
import { recordFeedback } from "../../src/runs/record-feedback.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";

test("what people do with a pull request before its run has ended is kept, and it stays closed", async () => {
  const world = await makeWorld();
  const { runs, records, deps, run } = world;
  const { repo } = run.issue.ref;
  const at = "2026-01-02T10:00:00Z";
  const kept: boolean[] = [];
  /** Somebody closes it in the moment when its verdict is shown. */
  const forges: typeof deps.forges = {
    forInstallation: (id, use) => {
      const forge = world.forge.forInstallation(id, use);
      return {
        ...forge,
        async upsertCheckRun(...parameters) {
          await runs.notePullRequest(repo, 100, false, Date.parse(at));
          const feedback = { what: "closed", headSha: "c".repeat(40), by: "hubot", at } as const;
          kept.push(
            await recordFeedback(
              { records, secrets: [], clock: deps.clock },
              { repo, number: 100, feedback },
            ),
          );
          return forge.upsertCheckRun(...parameters);
        },
      };
    },
  };

  await executeRun({ ...deps, forges }, await world.claim(), controlOf());

  expect(await world.state()).toMatchObject({ at: "proposed", pullRequest: 100 });
  expect(kept).toEqual([true]);
  expect(await runs.openPullRequests(10)).toEqual([]);
  const events = await records.events(run.id);
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({
      kind: "pull-request-feedback",
      feedback: expect.objectContaining({ what: "closed" }) as unknown,
    }),
  );
});
