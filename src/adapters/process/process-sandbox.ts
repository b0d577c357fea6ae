import { lstat, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import { RepairError } from "../../domain/errors.ts";
import { pythonFolders } from "../../driver/host-python.ts";
import { notStarted } from "../../driver/job-outcomes.ts";
import { fateOf } from "../../driver/process-identity.ts";
import { createSession } from "../../driver/session.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox, SandboxJob, SandboxRequest } from "../../ports/sandbox.ts";
import { folderPrefix, layFiles, makeFolders } from "./lay-out-job.ts";
import { runCommand } from "./run-command.ts";

export type ProcessSandboxOptions = {
  /** Jobs at the same time; more wait. */
  readonly slots: number;
  readonly logger: Logger;
};

/** Plain processes of this machine: only for code that we wrote ourselves, such as the demo's sample project. */
export function createProcessSandbox({ slots, logger }: ProcessSandboxOptions): Sandbox {
  const places = createSlots(slots);
  // asked once: the shim of a version manager takes most of a second
  let python: Promise<readonly string[]> | null = null;

  const runJob = async (
    request: SandboxRequest,
    job: SandboxJob,
    signal: AbortSignal,
  ): Promise<readonly ExecutionOutcome[]> => {
    if (job.environment !== undefined)
      throw new RepairError("sandbox-image-missing", noImages(job.environment));
    const programs = (await (python ??= pythonFolders())).slice(0, 1).map((prefix) => join(prefix, "bin"));
    const folders = await makeFolders(request.tree.file).catch((error: unknown) => {
      throw new RepairError("sandbox-failed", "The base tree could not be unpacked.", { cause: error });
    });
    try {
      const refusal = await layFiles(folders, job);
      if (refusal !== null) return notStarted(job, refusal);
      const outcomes: ExecutionOutcome[] = [];
      for (const command of job.commands) {
        outcomes.push(await runCommand(command, folders, programs, request.limits.outputBytes, signal));
        throwIfAborted(signal);
      }
      return outcomes;
    } finally {
      await rm(folders.root, { recursive: true, force: true, maxRetries: 3 });
    }
  };

  return {
    kind: "process",
    environments: null,
    description:
      "plain process: this does NOT isolate. Commands run with the rights of this program, can read its files and use " +
      "the network; only time and output are limited. For code you trust, such as the demo's sample project.",
    check: (image) =>
      Promise.resolve(
        image === null
          ? { ok: true, detail: "plain processes of this machine, without isolation" }
          : { ok: false, detail: noImages(image) },
      ),
    async open(request, signal) {
      throwIfAborted(signal);
      if (request.environment !== null)
        throw new RepairError("sandbox-image-missing", noImages(request.environment));
      assertTreeFits(request);
      return createSession(places, (job, _slot, jobSignal) => runJob(request, job, jobSignal));
    },
    async reap() {
      const names = await readdir(tmpdir());
      const left = (await Promise.all(names.map(isAbandoned))).flatMap((over, index) =>
        over ? (names[index] ?? []) : [],
      );
      const removals = left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true }));
      const removed = (await Promise.allSettled(removals)).filter(({ status }) => status === "fulfilled");
      if (removed.length > 0)
        logger.info({ folders: removed.length }, "folders of a crashed process were removed");
      return removed.length;
    },
  };
}

const noImages = (image: string): string =>
  `Plain processes run the host's own programs and cannot use the image ${image}; that needs Docker.`;

/** Longer than any job takes, in milliseconds. */
const unknownFor = 24 * 60 * 60_000;

/** Whether a folder is ours, and the process that made it has ended; one that cannot be looked up has after a day. */
async function isAbandoned(name: string): Promise<boolean> {
  if (!name.startsWith(folderPrefix)) return false;
  const found = await lstat(join(tmpdir(), name)).catch(() => null);
  // whoever else owns a folder there could swap what is in it under our hands
  if (found === null || found.uid !== process.getuid?.()) return false;
  const fate = fateOf(name.slice(folderPrefix.length));
  return fate === "unknown" ? Date.now() - found.mtimeMs > unknownFor : fate === "gone";
}
