import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { unlimited } from "../../src/domain/limits.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import { executeRun, type ExecuteDependencies } from "../../src/runs/execute-run.ts";
import { createRecords } from "../../src/runs/open-record.ts";
import { startWorker } from "../../src/worker/worker.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { noPrograms, type PrivateServer, startPrivateServer } from "../fixtures/databases/private-server.ts";
import { policy } from "../fixtures/run-request.ts";
import { makeWorld } from "../fixtures/run-world.ts";

describe.skipIf(noPrograms)("a run while the database's server ends", () => {
  let root = "";
  let server: PrivateServer;
  let store: Store;
  const clock = createSystemClock();
  const logger = createSilentLogger();
  const bot = { version: "0.0.0", configHash: "none", systemPrompt: null };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "copatcher-restart-"));
    server = await startPrivateServer();
    store = await openStore({
      directory: join(root, "store"),
      databaseUrl: server.url,
      worker: "worker",
      clock,
      logger,
      stopLimitMs: 1_000,
    });
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await server?.close();
    await rm(root, { recursive: true, force: true });
  }, 60_000);

  test.each(["restart", "crash"] as const)(
    "and is there again (%s) ends with its pull request, and no model is asked twice",
    async (how) => {
      const asked: string[] = [];
      const restarts: Promise<void>[] = [];
      const world = await makeWorld();
      const { inference } = world.deps.tools;
      const counting: InferenceClient = {
        ...inference,
        async sample(request, signal) {
          asked.push(`${request.stage}/${request.role}/${request.index}/${request.attempt}`);
          // the answer is on its way when the server ends
          if (asked.length === 3) restarts.push(server[how]());
          return inference.sample(request, signal);
        },
        sampleMany: (requests, signal) => requests.map((request) => counting.sample(request, signal)),
      };
      const deps: ExecuteDependencies = {
        ...world.deps,
        runs: store.runs,
        journal: (claim) => store.journal(claim),
        records: store.records,
        record: createRecords({ store: store.records, secrets: [], clock, logger, bot }),
        clock,
        tools: { ...world.deps.tools, inference: counting },
      };
      const { id: _, attempt: _attempt, state: _state, ...request } = world.run;
      const delivery = `${how}-${Date.now()}`;
      const outcome = await store.runs.request(
        { ...request, trigger: { ...request.trigger, delivery } },
        policy,
      );
      if (outcome.kind !== "created") throw new Error(outcome.kind);

      const worker = await startWorker({
        runs: store.runs,
        queue: store.queue,
        clock,
        logger,
        owner: "worker/1",
        concurrency: 1,
        limits: unlimited,
        leaseMs: 30_000,
        drainMs: 0,
        handleDelivery: async () => {},
        executeRun: (claim, control) => executeRun(deps, claim, control),
      });
      const state = () =>
        store.runs.run(outcome.run.id).then(
          (run) => run?.state.at,
          () => null,
        );
      await expect.poll(state, { timeout: 50_000, interval: 200 }).toBe("proposed");
      await Promise.all(restarts);
      await worker.stop();

      expect(restarts).toHaveLength(1);
      expect(asked.length - new Set(asked).size).toBe(0);
      expect(world.forge.proposals).toHaveLength(1);
    },
    60_000,
  );
});
