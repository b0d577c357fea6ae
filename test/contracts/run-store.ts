import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeRunRequest } from "../fixtures/run-request.ts";
import { runClaimsContract } from "./run-claims.ts";
import { runLimitsContract } from "./run-limits.ts";
import { runRequestsContract } from "./run-requests.ts";
import { claimed, created, declined, openTidily, type RunStoreSubject } from "./run-store-subject.ts";

const delivery = () => ({
  id: randomUUID(),
  event: "issues",
  payload: { action: "labeled", text: "a\u0000b" },
});

export function runStoreContract(name: string, makeSubject: () => RunStoreSubject): void {
  const open = openTidily(makeSubject);
  runRequestsContract(name, open);
  runLimitsContract(name, open);
  runClaimsContract(name, open);

  describe(`${name} as a RunStore`, () => {
    test("counts the runs that are queued and at work, and no others", async () => {
      const store = open();
      expect(await store.counts()).toEqual([]);
      await created(store);
      await created(store);
      await created(store, { ...makeRunRequest(), kind: "plan" });
      const first = await claimed(store);
      await store.advance(first, { kind: "ended", state: declined });
      await claimed(store);

      const counts = (await store.counts()).toSorted((a, b) => a.at.localeCompare(b.at));
      expect(counts).toEqual([
        { kind: "plan", at: "queued", runs: 1 },
        { kind: "repair", at: "running", runs: 1 },
      ]);
    });

    test("keeps a delivery as it was received", async () => {
      const store = open();
      const received = delivery();

      expect(await store.receive(received)).toBe("stored");
      expect(await store.delivery(received.id)).toEqual(received);
      expect(await store.unknownDeliveries([received.id, "nobody's"])).toEqual(["nobody's"]);
    });

    test("is asked for as many deliveries as a long outage leaves", async () => {
      const store = open();
      const received = delivery();
      await store.receive(received);
      const others = Array.from({ length: 70_000 }, (_, index) => `lost-${index}`);

      expect(await store.unknownDeliveries([...others, received.id])).toEqual(others);
    });

    test("hands out no delivery that was handled, and still knows its id", async () => {
      const store = open();
      const received = delivery();
      await store.receive(received);

      await store.finishDelivery(received.id);

      expect(await store.delivery(received.id)).toBeNull();
      expect(await store.receive(received)).toBe("duplicate");
    });

    test("knows no delivery that was never received", async () => {
      expect(await open().delivery("nobody")).toBeNull();
    });

    test("stores one of 20 simultaneous deliveries with the same id", async () => {
      const store = open();
      const received = delivery();

      const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.receive(received)));

      expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(1);
    });

    test("gives a duty to one of many, and again when its time is over", async () => {
      const store = open();
      const name = randomUUID();

      const taken = await Promise.all(Array.from({ length: 10 }, () => store.takeDuty(name, 60_000)));

      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await store.takeDuty(`${name}-short`, 0)).toBe(true);
      await expect.poll(() => store.takeDuty(`${name}-short`, 0)).toBe(true);
    });

    test("gives a duty that was prolonged to nobody, also when it was taken for a shorter time", async () => {
      const store = open();
      const name = randomUUID();
      const take = () => store.takeDuty(name, 0, 60_000);
      expect(await take()).toBe(true);
      await expect.poll(take).toBe(true);

      await store.prolongDuty(name, 60_000);

      expect(await take()).toBe(false);
    });
  });
}
