import type { SandboxSession } from "../ports/sandbox.ts";

/** A session that executes nothing: each command's outcome says why. */
export const createStaticSession = (reason: string): SandboxSession => ({
  run: (job) => Promise.resolve(job.commands.map(() => ({ kind: "not-started" as const, reason }))),
  close: () => Promise.resolve(),
});
