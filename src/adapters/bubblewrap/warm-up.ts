import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxRequest } from "../../ports/sandbox.ts";
import type { Host } from "./host.ts";
import { runJob, startSandbox } from "./session-sandboxes.ts";

/** Milliseconds that a warm-up may take. */
const timeLimit = 600_000;

/** A tar that only this process can reach. */
export type WarmedBase = {
  readonly path: string;
  close(): Promise<void>;
};

/**
 * Runs the session's warm-up on the base tree and keeps the tree that it leaves, as one tar of bounded size: null when it
 * failed. The host never unpacks it. The file has no name, so that a crash leaves nothing. Throws like `runJob`.
 */
export async function warmBase(
  host: Host,
  request: SandboxRequest,
  script: string,
  signal: AbortSignal,
): Promise<WarmedBase | null> {
  const file = await unnamedFile();
  try {
    const maxBytes = request.limits.treeMb * 2 ** 20;
    const sandbox = await startSandbox(
      host,
      {
        environment: request.environment,
        base: request.tree.file,
        limits: request.limits,
        treeFiles: request.tree.files,
        warmed: { descriptor: file.fd, maxBytes },
      },
      signal,
    );
    try {
      const commands = [{ script, timeoutMs: timeLimit, report: null }];
      const [outcome] = await runJob(
        sandbox,
        { label: "warm-up", files: [], commands },
        request.limits.outputBytes,
        signal,
      );
      if (outcome?.kind === "exited" && outcome.exitCode === 0) {
        return { path: `/proc/self/fd/${file.fd}`, close: () => file.close() };
      }
    } finally {
      await sandbox.discard();
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return null;
}

async function unnamedFile(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-warm-"));
  try {
    return await open(join(folder, "tree.tar"), "wx+", 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
