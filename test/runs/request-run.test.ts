import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { requestRun, type RequestDependencies, type RunAsk } from "../../src/runs/request-run.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

function world() {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: { hubot: "write" },
  });
  const ask: RunAsk = { ...makeRunRequest(), label: "copatcher" };
  return { runs, forges, ask, deps: { runs, forges, logger: createSilentLogger() } };
}

test("a label that cannot be taken off stops nobody", async () => {
  const { deps, forges, ask } = world();
  forges.breakDown("removeLabel", new RepairError("forge-rejected", "no permission"));

  expect(await requestRun(deps, ask)).toMatchObject({ state: { at: "queued" } });
  expect(forges.comments).toHaveLength(1);
});

test("the word that a run is queued never replaces that of a worker who was faster", async () => {
  const { deps, runs, forges, ask } = world();
  const faster: RequestDependencies["runs"] = {
    run: (id) => runs.run(id),
    async request(request) {
      const outcome = await runs.request(request);
      await runs.claim(outcome.run.id, "worker-1");
      return outcome;
    },
  };

  await requestRun({ ...deps, runs: faster }, ask);

  expect(forges.comments).toEqual([]);
});
