import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createConnectionGate } from "../../../src/adapters/postgres/connection-gate.ts";

test("lets one in at a time, in the order of asking", async () => {
  const gate = createConnectionGate();
  const seen: string[] = [];
  const visit = (name: string, milliseconds: number) =>
    gate.exclusive(async () => {
      seen.push(`${name} in`);
      await sleep(milliseconds);
      seen.push(`${name} out`);
    });

  await Promise.all([visit("a", 10), visit("b", 0)]);

  expect(seen).toEqual(["a in", "a out", "b in", "b out"]);
});

test("lets the next in after a failure", async () => {
  const gate = createConnectionGate();

  await expect(gate.exclusive(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");

  expect(await gate.exclusive(async () => "next")).toBe("next");
});

test("throws instead of waiting for itself when a transaction uses the store", async () => {
  const gate = createConnectionGate();

  const nested = gate.guarded(() => gate.exclusive(() => gate.exclusive(async () => "never")));

  await expect(nested).rejects.toMatchObject({ code: "internal" });
});

test("lets what a transaction started go on by itself afterwards", async () => {
  const gate = createConnectionGate();
  let later: Promise<string> = Promise.resolve("");

  await gate.guarded(() =>
    gate.exclusive(async () => {
      later = sleep(10).then(() => gate.exclusive(async () => "later"));
    }),
  );

  expect(await later).toBe("later");
});

test("lets those waiting finish and nobody else in when it closes", async () => {
  const gate = createConnectionGate();
  const seen: string[] = [];
  const waiting = [1, 2].map((visitor) => gate.exclusive(async () => void seen.push(`visitor ${visitor}`)));

  await gate.close();

  expect(seen).toEqual(["visitor 1", "visitor 2"]);
  await Promise.all(waiting);
  await expect(gate.exclusive(async () => "late")).rejects.toMatchObject({ code: "store-unavailable" });
});
