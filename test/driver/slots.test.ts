import { expect, test } from "vitest";
import { createSlots } from "../../src/driver/slots.ts";

const never = new AbortController().signal;

test("gives jobs that run at the same time different numbers", async () => {
  const slots = createSlots(2);
  const job = (slot: number) => new Promise<number>((resolve) => setTimeout(() => resolve(slot), 10));

  const used = await Promise.all([slots.use(never, job), slots.use(never, job)]);

  expect(used.sort()).toEqual([0, 1]);
});

test("takes a number back when a job fails", async () => {
  const slots = createSlots(1);

  await expect(slots.use(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(await slots.use(never, (slot) => Promise.resolve(slot))).toBe(0);
});

test("lets a waiting job go as soon as it is cancelled", async () => {
  const slots = createSlots(1);
  const controller = new AbortController();
  let end: () => void = () => undefined;
  const first = slots.use(never, () => new Promise<void>((resolve) => (end = resolve)));
  const second = slots.use(controller.signal, () => Promise.resolve("ran"));

  controller.abort();

  await expect(second).rejects.toMatchObject({ code: "cancelled" });
  end();
  await first;
});
