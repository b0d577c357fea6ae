import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { Sandbox, SandboxJob, SandboxSession } from "../../src/ports/sandbox.ts";
import { patchedFile, type BenchTree } from "./trees.ts";

const mb = 2 ** 20;

/** A session as a run would open it. */
export const openBench = (sandbox: Sandbox, tree: BenchTree): Promise<SandboxSession> =>
  sandbox.open(
    {
      label: `bench-${tree.name}`,
      environment: null,
      tree: tree.archive,
      warmUp: null,
      limits: {
        memoryMb: 2048,
        processes: 256,
        outputBytes: 128 * 1024,
        treeMb: Math.ceil((2 * tree.archive.bytes) / mb) + 128,
      },
    },
    new AbortController().signal,
  );

/** One whole candidate: patch and commands; throws when one of them did not end as it must. */
export async function runCandidate(session: SandboxSession, scripts: readonly string[]): Promise<void> {
  const job: SandboxJob = {
    label: "candidate",
    files: [patchedFile],
    commands: scripts.map((script) => ({ script, timeoutMs: 120_000, report: null })),
  };
  const outcomes = await session.run(job, new AbortController().signal);
  const bad = outcomes.find((outcome) => outcome.kind !== "exited" || outcome.exitCode !== 0);
  if (bad !== undefined) throw new Error(`a command failed: ${describe(bad)}`);
}

const describe = (outcome: ExecutionOutcome): string =>
  outcome.kind === "not-started" ? outcome.reason : `${outcome.kind}: ${outcome.stderr.slice(-500)}`;
