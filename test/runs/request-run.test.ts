import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { requestRun, type RequestDependencies, type RunAsk } from "../../src/runs/request-run.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

function world() {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: { hubot: "write" },
  });
  const ask: RunAsk = { ...makeRunRequest(), label: "copatcher" };
  return { runs, forges, ask, deps: { runs, forges, logger: createSilentLogger(), policy } };
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
    position: (id) => runs.position(id),
    async request(...parameters) {
      const outcome = await runs.request(...parameters);
      await runs.claim("worker-1", unlimited);
      return outcome;
    },
  };

  await requestRun({ ...deps, runs: faster }, ask);

  expect(forges.comments).toEqual([]);
});

test("the comment of a queued run says how many go before it", async () => {
  const { deps, forges, ask } = world();
  await requestRun(deps, { ...makeRunRequest(), label: null });

  await requestRun(deps, ask);

  expect(forges.comments.map(({ body }) => body)).toEqual([
    expect.stringContaining("when a worker is free."),
    expect.stringContaining("1 run before it has begun"),
  ]);
});

test.each([
  ["runsPerDay", /1 runs were started .* limit is 1/],
  ["tokensPerDay", /COPATCHER_MAX_DAILY_TOKENS/],
] as const)(
  "a request beyond the limit %s is refused with what is used and who can change it",
  async (limit, said) => {
    const { deps, forges, ask } = world();
    const limits = { ...unlimited, [limit]: limit === "runsPerDay" ? 1 : 0 };
    if (limit === "runsPerDay") await requestRun(deps, { ...makeRunRequest(), label: null });

    expect(await requestRun({ ...deps, policy: { ...policy, limits } }, ask)).toBeNull();

    expect(forges.comments.at(-1)?.body).toMatch(said);
  },
);

test("a command goes before a label, and a check before both", async () => {
  const { deps, runs, ask } = world();
  const by = (kind: "label" | "command" | "reconcile") => {
    const request = makeRunRequest();
    return { ...request, label: null, trigger: { ...request.trigger, kind } };
  };
  const found = await requestRun(deps, by("reconcile"));
  const labelled = await requestRun(deps, ask);
  const commanded = await requestRun(deps, by("command"));
  const check = await requestRun(deps, { ...by("command"), kind: "environment-check" });

  const begun: (string | undefined)[] = [];
  for (let run = 0; run < 4; run++) begun.push((await runs.claim("worker-1", unlimited))?.run.id);

  expect(begun).toEqual([check?.id, commanded?.id, labelled?.id, found?.id]);
});
