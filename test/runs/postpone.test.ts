import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { postponementFor } from "../../src/runs/postpone.ts";

const limited = (retryAfter: number): RepairError =>
  new RepairError("forge-unavailable", "GitHub answered 403", { data: { status: 403, retryAfter } });
const minute = 60_000;

test("a run waits at least as long as GitHub asks for", () => {
  expect(postponementFor(limited(1_800), 0, 0)?.until).toBe(30 * minute);
  expect(postponementFor(limited(1), 3, 0)?.until).toBe(5 * minute);
});

test("a run does not wait longer at once than it ever does", () => {
  expect(postponementFor(limited(1e9), 0, 0)?.until).toBe(120 * minute);
});

test("what does not pass by itself is not waited for", () => {
  const refused = new RepairError("forge-rejected", "GitHub answered 403", { data: { retryAfter: 5 } });

  expect(postponementFor(refused, 0, 0)).toBeNull();
});
