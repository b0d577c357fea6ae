import { describe, expect, test } from "vitest";
import type { Clock } from "../../src/ports/clock.ts";

export function clockContract(name: string, makeSubject: () => Clock): void {
  describe(`${name} as a Clock`, () => {
    test("has moved on by at least the time slept", async () => {
      const clock = makeSubject();
      const before = clock.now();

      await clock.sleep(20);

      // Timers may fire up to a millisecond early.
      expect(clock.now() - before).toBeGreaterThanOrEqual(19);
    });

    test("wakes sleepers in the order of their times", async () => {
      const clock = makeSubject();
      const woken: string[] = [];

      await Promise.all([
        clock.sleep(60).then(() => woken.push("late")),
        clock.sleep(5).then(() => woken.push("early")),
      ]);

      expect(woken).toEqual(["early", "late"]);
    });

    test("rejects with the signal's reason when it aborts first", async () => {
      const controller = new AbortController();
      const reason = new Error("not needed any more");

      const sleeping = makeSubject().sleep(60_000, controller.signal);
      controller.abort(reason);

      await expect(sleeping).rejects.toBe(reason);
    });

    test("does not sleep at all when the signal is already aborted", async () => {
      const reason = new Error("too late");

      await expect(makeSubject().sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
