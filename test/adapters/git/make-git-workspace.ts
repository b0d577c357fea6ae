import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitWorkspace } from "../../../src/adapters/git/git-workspace.ts";
import type { Logger } from "../../../src/ports/logger.ts";
import type { Workspace } from "../../../src/ports/workspace.ts";

const silent = (): void => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** The git adapter with its cache in a new temporary folder. */
export async function makeGitWorkspace(
  options: { maxRepositoryMb?: number; directory?: string; host?: Readonly<Record<string, string>> } = {},
): Promise<{ workspace: Workspace; directory: string }> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "copatcher-workspace-")));
  const workspace = createGitWorkspace({
    directory,
    maxRepositoryMb: options.maxRepositoryMb ?? 200,
    logger,
    ...(options.host === undefined ? {} : { host: options.host }),
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
  });
  return { workspace, directory };
}
