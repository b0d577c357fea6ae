import { expect, test } from "vitest";
import { createUserIds } from "../../../src/adapters/docker/user-ids.ts";

test("gives containers that live at the same time different ids and takes them back", () => {
  const ids = createUserIds("a");
  const taken = [ids.take(), ids.take(), ids.take()];

  ids.giveBack(taken[1] ?? 0);

  expect(new Set(taken).size).toBe(3);
  expect(ids.take()).toBe(taken[1]);
});

test("stays inside its range with more containers than ids, and the range of a remapped engine", () => {
  const ids = createUserIds("some installation");
  const taken = Array.from({ length: 200 }, () => ids.take());

  expect(new Set(taken).size).toBe(64);
  expect(Math.max(...taken)).toBeLessThan(65_536);
  expect(Math.min(...taken)).toBeGreaterThan(9999);
});
