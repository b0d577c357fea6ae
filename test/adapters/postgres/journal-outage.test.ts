import { rm } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { openEmbedded } from "../../../src/adapters/postgres/embedded-engine.ts";
import { type Undo, unwind } from "../../../src/adapters/postgres/engine.ts";
import { createJournal } from "../../../src/adapters/postgres/journal.ts";
import { createRunStore } from "../../../src/adapters/postgres/run-store.ts";
import type { Transact } from "../../../src/adapters/postgres/tables.ts";
import { RepairError } from "../../../src/domain/errors.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { beginRun } from "../../fixtures/begin-run.ts";
import { makeEmbeddedDirectory } from "../../fixtures/databases/embedded-directory.ts";

const undo: Undo = [];
afterAll(() => unwind(undo));

test("an answer is asked for once although the database is away for 5 s when it comes", async () => {
  const directory = await makeEmbeddedDirectory();
  undo.push(() => rm(directory, { recursive: true, force: true }));
  const { db, transact } = await openEmbedded(directory, undo);
  const parts = { db, transact, clock: createFixedClock(), logger: createSilentLogger(), leaseMs: 30_000 };
  const user = { alone: false, worker: "test" } as const;
  const { claim } = await beginRun(createRunStore({ ...parts, enqueue: async () => {}, user }));
  let back = 0;
  const refusing: Transact = (work) =>
    performance.now() < back
      ? Promise.reject(new RepairError("store-unavailable", "It refuses connections."))
      : transact(work);
  const { signal } = new AbortController();
  const journal = createJournal({ ...parts, transact: refusing }, claim, signal);
  let asked = 0;
  const ask = () =>
    journal.step("sample/1", {}, z.number(), async () => {
      back = performance.now() + 5_000;
      return ++asked;
    });

  expect([await ask(), await ask(), asked]).toEqual([1, 1, 1]);
}, 30_000);
