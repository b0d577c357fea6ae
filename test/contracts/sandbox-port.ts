import { describe, expect, test } from "vitest";
import { command, never, openSession, runAll, type MakeSandbox } from "./sandbox-subject.ts";

/** The rules that need no shell, so that fakes keep them too. */
export function sandboxPortContract(name: string, make: MakeSandbox): void {
  describe(`${name}: port`, () => {
    test("returns one outcome per command", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox);

      expect(await runAll(session, [command("true"), command("true"), command("true")])).toHaveLength(3);
      expect(await runAll(session, [])).toEqual([]);
    });

    test.each([
      ["leaves the tree", "../x"],
      ["hides that it leaves the tree", "a/../../x"],
      ["is absolute", "/tmp/x"],
      ["enters .git", "sub/.GIT/config"],
      ["is empty", ""],
    ])("starts nothing when a path %s", async (_, path) => {
      const session = await openSession(make({ slots: 1 }).sandbox);

      const outcomes = await runAll(
        session,
        [command("true"), command("true")],
        [{ place: "tree", path, content: "x" }],
      );

      expect(outcomes.map(({ kind }) => kind)).toEqual(["not-started", "not-started"]);
    });

    test("runs nothing when the signal has aborted or the session is closed", async () => {
      const session = await openSession(make({ slots: 1 }).sandbox);
      const job = { label: "job", files: [], commands: [command("true")] };

      await expect(session.run(job, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
      await session.close();
      await expect(session.run(job, never())).rejects.toMatchObject({ code: "cancelled" });
    });

    test("opens nothing when it is cancelled already", async () => {
      const { sandbox, leftovers } = make({ slots: 1 });
      const aborted = {
        ...sandbox,
        open: (request: Parameters<typeof sandbox.open>[0]) => sandbox.open(request, AbortSignal.abort()),
      };

      await expect(openSession(aborted)).rejects.toMatchObject({ code: "cancelled" });

      await expect.poll(leftovers).toEqual([]);
    });

    test("can be closed twice and leaves nothing", async () => {
      const { sandbox, leftovers } = make({ slots: 1 });
      const session = await openSession(sandbox);

      await session.close();
      await session.close();

      await expect.poll(leftovers).toEqual([]);
    });
  });
}
