import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RepairError } from "../../domain/errors.ts";
import type { RepoSource } from "../../ports/workspace.ts";
import { gitText, type GitCommand } from "./git-command.ts";
import { sourceName } from "./git-failure.ts";
import { keptRef } from "./kept-commits.ts";

/**
 * Attributes that win over those in the tree: an archive holds every file, with the bytes of its blob.
 * Without them a repository could leave its tests out, convert line ends or rewrite `$Id$` on the way to the sandbox.
 */
const attributes =
  "* -export-ignore -export-subst -text !eol -ident -filter !working-tree-encoding !diff !merge\n";

/** Git's own number for no limit; unlike --unshallow it is accepted whether or not the mirror is shallow. */
const wholeHistory = 2 ** 31 - 1;

type Run = (args: readonly string[], options?: Partial<GitCommand>) => Promise<string>;

/** Makes the bare repository if it is not there, and removes what a killed predecessor left locked. */
export async function prepareMirror(
  gitDirectory: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(join(gitDirectory, "info"), { recursive: true });
  await gitText({ args: ["init", "--bare", "--quiet"], environment });
  await writeFile(join(gitDirectory, "info", "attributes"), attributes);
  const left = await readdir(gitDirectory, { recursive: true });
  for (const name of left.filter((file) => file.endsWith(".lock"))) {
    await rm(join(gitDirectory, name), { force: true });
  }
}

/** The commit that `ref` names now, fetched if the mirror lacks it. `run` talks to `address`. */
export async function pinCommit(run: Run, source: RepoSource, address: string, ref: string): Promise<string> {
  const sha = isFullSha(ref) ? ref : await remoteCommit(run, source, address, ref);
  if (await isKept(run, sha)) return sha;
  const keep = `+${sha}:${keptRef(sha)}`;
  const fetch = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  try {
    // History is never read, so one commit is enough.
    await run([...fetch, "--depth=1", "--", address, keep]);
  } catch (error) {
    await fetchAll(run, source, address, fetch, sha, error);
  }
  if (!(await isKept(run, sha))) throw missing(source, ref);
  return sha;
}

/** Servers of the old protocol refuse commits that no ref points to; then the whole history has to come. */
async function fetchAll(
  run: Run,
  source: RepoSource,
  address: string,
  fetch: readonly string[],
  sha: string,
  refusal: unknown,
): Promise<void> {
  const refused = refusal instanceof Error && /unadvertised object|not our ref|couldn't find remote ref/i;
  if (refused === false || !refused.test(refusal.message)) throw refusal;
  const listing = await run(["ls-remote", "--quiet", "--", address]);
  if (listing.trim() === "") throw empty(source);
  await run([
    ...fetch,
    `--depth=${wholeHistory}`,
    "--update-shallow",
    "--",
    address,
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
  ]);
  const present = await run(["rev-parse", "--verify", "--quiet", `${sha}^{commit}`], { okCodes: [0, 1] });
  if (present.trim() === sha) await run(["update-ref", keptRef(sha), sha]);
}

async function remoteCommit(run: Run, source: RepoSource, address: string, ref: string): Promise<string> {
  if (!isRefName(ref)) throw missing(source, ref);
  const names = [ref, `refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
  const listing = await run(["ls-remote", "--quiet", "--", address, ...names]);
  const shas = new Map(listing.split("\n").map((line) => [line.slice(line.indexOf("\t") + 1), line]));
  for (const name of ref === "HEAD" || ref.startsWith("refs/") ? [`${ref}^{}`, ref] : names.slice(1)) {
    const sha = shas.get(name)?.split("\t")[0];
    if (sha !== undefined && isFullSha(sha)) return sha;
  }
  const everything = await run(["ls-remote", "--quiet", "--", address]);
  throw everything.trim() === "" ? empty(source) : missing(source, ref);
}

const isKept = async (run: Run, sha: string): Promise<boolean> =>
  (await run(["rev-parse", "--verify", "--quiet", `${keptRef(sha)}^{commit}`], { okCodes: [0, 1] })) !== "";

const isFullSha = (text: string): boolean => /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);

/** The part of git's rules for ref names that matters here: nothing that is an option, a pattern or a path trick. */
const isRefName = (ref: string): boolean =>
  // oxlint-disable-next-line no-control-regex
  /^[^\u0000-\u0020\u007f~^:?*[\\-][^\u0000-\u0020\u007f~^:?*[\\]*$/.test(ref) && !ref.includes("..");

const empty = (source: RepoSource): RepairError =>
  new RepairError("repository-empty", `${sourceName(source)} has no commit`);

const missing = (source: RepoSource, ref: string): RepairError =>
  new RepairError(
    "repository-unreadable",
    `${sourceName(source)} has no branch, tag or commit ${JSON.stringify(ref)}`,
  );
