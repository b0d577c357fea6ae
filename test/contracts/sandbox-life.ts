import { describe, expect, test } from "vitest";
import { command, never, openSession, outputOf, type MakeSandbox } from "./sandbox-subject.ts";

/** Slots, cancelling, and what a sandbox leaves behind. */
export function sandboxLifeContract(name: string, make: MakeSandbox): void {
  describe(`${name}: life`, () => {
    test("runs jobs side by side up to its number of slots", async () => {
      const { sandbox } = make({ slots: 2 });
      const session = await openSession(sandbox);

      const outputs = await Promise.all(
        [1, 2].map(() => outputOf(session, "date +%s%N; sleep 3; date +%s%N")),
      );

      const [one = [], two = []] = outputs.map((output) => output.trim().split("\n").map(Number));
      expect(Math.max(one[0] ?? 0, two[0] ?? 0)).toBeLessThan(Math.min(one[1] ?? 0, two[1] ?? 0));
    });

    test("lets jobs beyond its slots wait", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);

      const outputs = await Promise.all(
        [1, 2].map(() => outputOf(session, "date +%s%N; sleep 1; date +%s%N")),
      );

      const [one = [], two = []] = outputs.map((output) => output.trim().split("\n").map(Number));
      expect(one[1]).toBeLessThanOrEqual(two[0] ?? 0);
    });

    test("serves two sessions in turn when both have jobs waiting", async () => {
      const { sandbox } = make({ slots: 1 });
      const [many, one] = [await openSession(sandbox), await openSession(sandbox)];
      const ended: string[] = [];
      const run = async (session: typeof many, label: string) => {
        await outputOf(session, "true");
        ended.push(label);
      };

      await Promise.all([
        ...["first", "second", "third"].map((label) => run(many, label)),
        run(one, "the other's"),
      ]);

      expect(ended.indexOf("the other's")).toBeLessThan(ended.indexOf("third"));
      expect(ended.filter((label) => label !== "the other's")).toEqual(["first", "second", "third"]);
    });

    test("refuses a job in an environment that does not exist", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);
      const job = { label: "job", environment: "no-such-image:1", files: [], commands: [command("true")] };

      await expect(session.run(job, never())).rejects.toMatchObject({ code: "sandbox-image-missing" });
    });

    test("cancels a running and a waiting job soon after the signal", async () => {
      const { sandbox } = make({ slots: 1 });
      const session = await openSession(sandbox);
      const controller = new AbortController();
      const job = { label: "job", files: [], commands: [command("sleep 60", { timeoutMs: 90_000 })] };

      const jobs = [session.run(job, controller.signal), session.run(job, controller.signal)];
      setTimeout(() => controller.abort(), 1000);
      const begin = Date.now();
      const results = await Promise.allSettled(jobs);

      expect(results).toMatchObject([{ reason: { code: "cancelled" } }, { reason: { code: "cancelled" } }]);
      expect(Date.now() - begin).toBeLessThan(8000);
    });

    test("leaves nothing behind after close, even with a job running", async () => {
      const { sandbox, leftovers } = make({ slots: 2 });
      const session = await openSession(sandbox);
      await outputOf(session, "true");
      const job = { label: "job", files: [], commands: [command("sleep 60", { timeoutMs: 90_000 })] };
      const running = session.run(job, never()).catch((error: unknown) => error);

      await new Promise((resolve) => setTimeout(resolve, 500));
      await session.close();

      expect(await running).toMatchObject({ code: "cancelled" });
      await expect.poll(leftovers).toEqual([]);
    });

    test("says that it is usable, and refuses a tree larger than its limit", async () => {
      const { sandbox, leftovers } = make({ slots: 1 });

      expect(await sandbox.check(null)).toMatchObject({ ok: true });
      await expect(
        openSession(sandbox, { files: { big: "x".repeat(3 * 2 ** 20) } }, { treeMb: 2 }),
      ).rejects.toMatchObject({ code: "repository-too-large" });
      await expect.poll(leftovers).toEqual([]);
    });
  });
}
