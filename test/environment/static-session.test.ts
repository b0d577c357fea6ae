import { expect, test } from "vitest";
import { createStaticSession } from "../../src/environment/static-session.ts";

test("each command's outcome says why nothing was executed", async () => {
  const command = { script: "touch /tmp/x", timeoutMs: 1, report: null };
  const session = createStaticSession("there is no Go");

  const outcomes = await session.run(
    { label: "a", files: [], commands: [command, command] },
    new AbortController().signal,
  );

  expect(outcomes).toEqual(
    Array.from({ length: 2 }, () => ({ kind: "not-started", reason: "there is no Go" })),
  );
});
