import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { compareEditions, editionLine, editionOf } from "../../domain/edition.ts";
import { RepairError } from "../../domain/errors.ts";
import { issueKey, repoSlug, type Issue } from "../../domain/issue.ts";
import { unifiedDiff } from "../../domain/patch.ts";
import type { Branch, Forge, Proposal, PullRequest } from "../../ports/forge.ts";
import { noPullRequests } from "./no-pull-requests.ts";

const run = promisify(execFile);

type LocalForgeOptions = {
  /** Where proposals and comments are written; created when missing. */
  readonly directory: string;
  /** The person's own repository, which is only read. */
  readonly repositoryDirectory: string;
  readonly issue: Issue;
};

/** What the last proposal said, beside its patch and its text. */
const files = { patch: "patch.diff", text: "pull-request.md", proposal: "proposal.json" } as const;

/** A forge of one issue and one folder for the command line: nothing is pushed and nobody is asked. */
export function createLocalForge(options: LocalForgeOptions): Forge {
  const { directory, repositoryDirectory, issue } = options;
  return {
    /** Whoever can run the command owns the files. */
    permission: () => Promise.resolve("admin"),
    isTeamMember: () => Promise.resolve(false),
    issue: (ref) =>
      issueKey(ref) === issueKey(issue.ref)
        ? Promise.resolve(issue)
        : Promise.reject(new RepairError("forge-rejected", `There is no issue ${issueKey(ref)} here.`)),
    issueTalk: () => Promise.resolve([]),
    defaultBranch: () => currentBranch(repositoryDirectory),
    branch: async (_, name) => {
      const current = await currentBranch(repositoryDirectory);
      return current?.name === name ? current : null;
    },
    claiming: () => Promise.resolve([]),
    slug: () => Promise.resolve(null),
    source: () => ({ kind: "local", directory: repositoryDirectory }),
    file: (repo, path, commit = "HEAD") =>
      repoSlug(repo) === repoSlug(issue.ref.repo)
        ? committedFile(repositoryDirectory, commit, path)
        : Promise.resolve(null),
    changedFiles: () => Promise.resolve([]),
    async upsertComment(ref, marker, body, edition) {
      const hash = createHash("sha256")
        .update(`${issueKey(ref)}\n${marker}`)
        .digest("hex")
        .slice(0, 8);
      const id = Number.parseInt(hash, 16);
      const folder = join(directory, "comments");
      const file = join(folder, `${hash}.md`);
      // in one go, so that texts written at once do not mix and the last one stays
      mkdirSync(folder, { recursive: true });
      if (edition === undefined) {
        writeFileSync(file, body.startsWith(marker) ? body : `${marker}\n${body}`);
      } else if (compareEditions(editionOf(marker, earlierText(file)), edition) <= 0) {
        writeFileSync(file, `${marker}\n${editionLine(edition)}\n${body}`);
      }
      return id;
    },
    removeLabel: () => Promise.resolve(),
    labels: () => Promise.resolve([]),
    paintLabel: () => Promise.resolve(),
    react: () => Promise.resolve(),
    upsertCheckRun: () => Promise.resolve(null),
    upsertIssue: () => Promise.resolve(null),
    proposeOnce: () => Promise.resolve(null),
    propose: (proposal) => writeProposal(directory, proposal),
    pullRequests: noPullRequests,
  };
}

function earlierText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Nothing inherited: a GIT_DIR, as hooks have it, would lead to another repository. */
const environment = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_NO_LAZY_FETCH: "1",
};

const committedFile = (directory: string, commit: string, path: string): Promise<Uint8Array | null> =>
  run("git", ["-C", directory, "-c", "safe.directory=*", "cat-file", "blob", `${commit}:${path}`], {
    env: environment,
    encoding: "buffer",
  }).then(
    ({ stdout }) => new Uint8Array(stdout),
    () => null,
  );

async function currentBranch(directory: string): Promise<Branch | null> {
  const git = async (...args: readonly string[]): Promise<string | null> => {
    try {
      return (
        await run("git", ["-C", directory, "-c", "safe.directory=*", ...args], { env: environment })
      ).stdout.trim();
    } catch {
      return null;
    }
  };
  if ((await git("rev-parse", "--git-dir")) === null) {
    throw new RepairError("repository-unreadable", `${directory} is not a git repository that git can read.`);
  }
  const sha = await git("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  if (sha === null) return null;
  // A detached head has no branch name.
  return { name: (await git("symbolic-ref", "--quiet", "--short", "HEAD")) ?? "HEAD", sha };
}

async function writeProposal(directory: string, proposal: Proposal): Promise<PullRequest> {
  const { issue, base, branch, title, body, draft, commitMessage } = proposal;
  const text = `# ${title}\n\n${body}\n`;
  const record = { issue: issueKey(issue), base, branch, title, draft, commitMessage };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, files.patch), unifiedDiff(proposal.changes));
  await writeFile(join(directory, files.text), text);
  await writeFile(join(directory, files.proposal), `${JSON.stringify(record, null, 2)}\n`);
  return {
    number: 0,
    url: pathToFileURL(join(directory, files.text)).href,
    draft,
    title,
    head: branch,
    headSha: null,
    base: base.name,
    bodyLength: body.length,
    verified: null,
  };
}
