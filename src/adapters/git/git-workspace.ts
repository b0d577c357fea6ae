import { createHash } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { asRepairError, RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Checkout, RepoSource, Workspace } from "../../ports/workspace.ts";
import { createCheckout } from "./checkout.ts";
import { gitText } from "./git-command.ts";
import { gitEnvironment, protocolOf } from "./git-environment.ts";
import { gitError, sourceName } from "./git-failure.ts";
import { dropCommits, noteCommit } from "./kept-commits.ts";
import { listTree } from "./list-tree.ts";
import { forgetMirrors, isMirror, mirroredIn, noteUse, pruneMirrors } from "./kept-mirrors.ts";
import { pinCommit, prepareMirror } from "./mirror.ts";
import { largestFiles } from "./tree.ts";

export type GitWorkspaceOptions = {
  /** Holds mirrors and archives; used by one process at a time. */
  readonly directory: string;
  /** Largest tree, unpacked, in MiB. */
  readonly maxRepositoryMb: number;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Variables of the host that git needs (PATH, proxies, CA bundle); git sees no others. */
  readonly host?: Readonly<Record<string, string>>;
};

const defaultHost = { PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin" };

const mirrorIn = (folder: string): string => join(folder, "mirror.git");

/** Repositories as bare mirrors read through git's plumbing; nothing is ever checked out here. */
export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const globalConfig = join(options.directory, "gitconfig");
  const host = options.host ?? defaultHost;
  const locks = new Map<string, Promise<unknown>>();
  const prepared = new Set<string>();

  const exclusively = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (locks.get(key) ?? Promise.resolve()).then(work, work);
    locks.set(key, turn);
    return turn;
  };

  const readingOf = (gitDirectory: string): Record<string, string> =>
    gitEnvironment({ host, gitDirectory, globalConfig, protocol: "none", authorization: null });

  const compact = async (folder: string, before: number): Promise<number> => {
    const gitDirectory = mirrorIn(folder);
    // turns are taken within a process: a command beside the bot must not remove what the bot fetches
    if (!prepared.has(gitDirectory)) return 0;
    try {
      return await dropCommits(gitDirectory, readingOf(gitDirectory), before);
    } catch (error) {
      const { message } = asRepairError(error);
      options.logger.warn({ mirror: gitDirectory, error: message }, "old commits stay in a mirror");
      return 0;
    }
  };

  const checkout = async (source: RepoSource, ref: string, signal: AbortSignal): Promise<Checkout> => {
    const address = await addressOf(source);
    const folder = join(options.directory, createHash("sha256").update(address).digest("hex").slice(0, 32));
    const gitDirectory = mirrorIn(folder);
    const common = { host, gitDirectory, globalConfig };
    const reading = readingOf(gitDirectory);
    let secret: string | null = null;

    const pin = async (): Promise<string> => {
      // a command that removed it may have been another process
      if (!prepared.has(gitDirectory) || !(await isMirror(gitDirectory))) {
        await mkdir(gitDirectory, { recursive: true });
        // Where git checks who owns a local source, it believes this file only.
        await writeFile(globalConfig, "[safe]\n\tdirectory = *\n");
        await prepareMirror(gitDirectory, reading);
        prepared.add(gitDirectory);
      }
      await noteUse(folder, source);
      const credentials = source.kind === "remote" ? source.authorization : null;
      const run = async (args: readonly string[], extra = {}): Promise<string> => {
        const remote = args[0] === "fetch" || args[0] === "ls-remote";
        if (!remote) return gitText({ args, environment: reading, signal, ...extra });
        const authorization = credentials === null ? null : await credentials();
        secret = authorization;
        const environment = gitEnvironment({ ...common, protocol: protocolOf(source), authorization });
        return gitText({ args, environment, signal, ...extra });
      };
      const sha = await pinCommit(run, source, address, ref);
      await noteCommit(gitDirectory, sha);
      return sha;
    };

    try {
      signal.throwIfAborted();
      const started = options.clock.now();
      const sha = await exclusively(folder, pin);
      const most = options.maxRepositoryMb * 2 ** 20;
      const { entries, empty, tooLarge } = await listTree(sha, most, reading, signal);
      if (empty) {
        throw new RepairError("repository-empty", `${sourceName(source)} has no files at ${ref}`);
      }
      if (tooLarge) {
        const detail = `${sourceName(source)} has more than the ${options.maxRepositoryMb} MB allowed at ${ref}, or too many files; the largest of the ${entries.length} that were read: ${largestFiles(entries)}`;
        throw new RepairError("repository-too-large", detail);
      }
      options.logger.info({ sha, files: entries.length, ms: options.clock.now() - started }, "checked out");
      return createCheckout({
        source,
        sha,
        entries,
        archives: join(folder, "archives"),
        environment: reading,
      });
    } catch (error) {
      throw gitError(source, error, signal, secret);
    }
  };

  return {
    checkout,
    repositories: () => mirroredIn(options.directory),
    forget: (repository) => forgetMirrors(options.directory, repository, exclusively),
    prune: (before) =>
      pruneMirrors(options.directory, before, exclusively, (folder) => compact(folder, before)),
  };
}

/** What git is given to fetch from: an absolute folder or an http(s) URL without credentials. */
async function addressOf(source: RepoSource): Promise<string> {
  if (source.kind === "local") {
    const directory = resolve(source.directory);
    const isDirectory = await stat(directory).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isDirectory) return directory;
    throw new RepairError("repository-unreadable", `${source.directory} is not a folder`);
  }
  const url = URL.canParse(source.url) ? new URL(source.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new RepairError(
      "repository-unreadable",
      `${sourceName(source)} has no usable address: it must be http(s), without credentials in it`,
    );
  }
  return url.href;
}
