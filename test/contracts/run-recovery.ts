import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import type { RunState } from "../../src/domain/run.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";
import { lost } from "./run-store-subject.ts";

/** What a store does at its first `recover` after an earlier process under its name ended; `open` leads to the same database each time. */
export function recoveryContract(
  name: string,
  open: () => Promise<{ readonly runs: RunStore; close(): Promise<void> }>,
): void {
  test(`${name} takes back at once what its own earlier process left, and ends what was superseded`, async () => {
    const { runs: before, close } = await open();
    const ids: string[] = [];
    for (let run = 0; run < 2; run++) {
      const outcome = await before.request(makeRunRequest(), policy);
      if (outcome.kind !== "created") throw new Error(outcome.kind);
      ids.push(outcome.run.id);
    }
    const cutOff = await before.claim("worker/1", unlimited);
    const unwanted = await before.claim("worker/1", unlimited);
    if (cutOff === null || unwanted === null) throw new Error("nothing was begun");
    const next = makeRunRequest(unwanted.run.issue.ref.number);
    const outcome = await before.request(next, { ...policy, newer: "supersede" });
    if (outcome.kind !== "created") throw new Error(outcome.kind);

    await close();
    const later = await open();
    const { runs: after } = later;
    expect(await after.recover()).toBe(2);

    const states = async (): Promise<(RunState | undefined)[]> =>
      Promise.all(ids.map(async (id) => (await after.run(id))?.state));
    expect(await states()).toEqual([
      { at: "queued" },
      { at: "cancelled", by: "hubot", successor: outcome.run.id },
    ]);
    await expect(after.heartbeat(cutOff)).rejects.toMatchObject(lost);
    expect(await after.recover()).toBe(0);
    await later.close();
  });
}
