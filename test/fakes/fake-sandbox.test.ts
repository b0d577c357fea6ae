import { expect, test } from "vitest";
import { command, openSession, runAll } from "../contracts/sandbox-subject.ts";
import { sandboxPortContract } from "../contracts/sandbox-port.ts";
import { createFakeSandbox, exited } from "./fake-sandbox.ts";

sandboxPortContract("fake", () => {
  const sandbox = createFakeSandbox();
  return { sandbox, leftovers: () => Array.from({ length: sandbox.openSessions() }, () => "session") };
});

test("answers with what the test decides and keeps the job", async () => {
  const sandbox = createFakeSandbox(({ script }) => exited(script === "bad" ? 1 : 0));
  const session = await openSession(sandbox);

  const outcomes = await runAll(session, [command("good"), command("bad")]);

  expect(outcomes).toMatchObject([{ exitCode: 0 }, { exitCode: 1 }]);
  expect(sandbox.jobs.map(({ commands }) => commands.length)).toEqual([2]);
});
