import * as fc from "fast-check";
import { expect, test } from "vitest";
import { failed, type AttemptFailure } from "../../../src/adapters/openai/failure.ts";
import { backOffMs, defaultRetries, retriesLeft } from "../../../src/adapters/openai/retries.ts";

const broken = failed("transport", "reset", "always");
const full = failed("overload", "503", "always");
const refusedFor = (milliseconds: number) => failed("overload", "429", "always", milliseconds);

test.each<[string, AttemptFailure, number]>([
  ["a connection that broke", broken, 4],
  ["a server that is away", { kind: "unreachable", detail: "ECONNREFUSED" }, 4],
  ["an engine that failed", failed("server", "500", "once"), 1],
  ["an answer without end", failed("too-long", "", "never"), 0],
  ["another key", { kind: "misconfigured", detail: "401" }, 0],
  ["a prompt that does not fit", { kind: "overflow", sizes: { prompt: 9, window: 8 }, detail: "" }, 0],
])("%s is tried again so often", (_what, failure, times) => {
  expect(retriesLeft(failure, 0, defaultRetries)).toBe(times);
  expect(retriesLeft(failure, times, defaultRetries)).toBe(0);
});

test("a connection that broke is made again at once, and then waits like the others", () => {
  expect(backOffMs(broken, 0, defaultRetries)).toBe(0);
  const waits = Array.from({ length: 50 }, () => backOffMs(broken, 1, defaultRetries));
  expect(Math.max(...waits)).toBeGreaterThan(0);
});

test("waits grow from half a second to twenty, with full jitter", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 30 }), (tried) => {
      const wait = backOffMs(full, tried, defaultRetries);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(Math.min(20_000, 500 * 2 ** tried));
    }),
  );
});

test.each([
  ["two seconds", 2_000, 2_000],
  ["an hour", 3_600_000, 30_000],
])("a server that asks for %s is waited for, half a minute at most", (_what, asked, waited) => {
  const wait = backOffMs(refusedFor(asked), 0, defaultRetries);

  expect(wait).toBeGreaterThanOrEqual(waited);
  expect(wait).toBeLessThanOrEqual(Math.max(waited, 500));
});
