import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RepairError } from "../domain/errors.ts";
import { openGit, type Git } from "./github/git.ts";

const name = "cadence";
const branch = "main";
const folder = fileURLToPath(new URL(`../../examples/${name}/`, import.meta.url));

/** Path of the recorded model answers for the sample's issue. */
export const sampleReplies = join(folder, "replies.json");

export type SampleRepository = {
  /** The bare repository, `<directory>/cadence.git`. */
  readonly gitDirectory: string;
  readonly defaultBranch: string;
  readonly headSha: string;
  readonly issue: { readonly title: string; readonly body: string };
};

/**
 * Builds the sample project's bare repository inside `directory` from its recorded history, always with the
 * same commit ids. A repository that is there already, with whatever was pushed to it since, is left as it is.
 * Throws RepairError `repository-unreadable` when git is missing or refuses.
 */
export async function createSampleRepository(directory: string): Promise<SampleRepository> {
  const git = openGit(join(directory, `${name}.git`));
  try {
    return {
      gitDirectory: git.directory,
      defaultBranch: branch,
      headSha: (await head(git)) ?? (await importHistory(git)),
      issue: await readIssue(),
    };
  } catch (cause) {
    const detail = `The sample repository could not be built in ${directory}`;
    throw new RepairError("repository-unreadable", detail, { cause });
  }
}

async function importHistory(git: Git): Promise<string> {
  await mkdir(git.directory, { recursive: true });
  await git.bytes(["init", "--quiet", "--bare", `--initial-branch=${branch}`]);
  // fast-import moves the branch only at the end, so an interrupted import leaves no head and is done again
  await git.bytes(["fast-import", "--quiet"], { stdin: await readFile(join(folder, "history.fi")) });
  return git.line(["rev-parse", "--verify", `refs/heads/${branch}`]);
}

async function head(git: Git): Promise<string | null> {
  try {
    await access(join(git.directory, "HEAD"));
  } catch {
    return null;
  }
  return git.resolve(`refs/heads/${branch}`, "commit");
}

async function readIssue(): Promise<SampleRepository["issue"]> {
  const text = await readFile(join(folder, "issue.md"), "utf8");
  const [title = "", ...body] = text.split("\n");
  return { title: title.trim(), body: body.join("\n").trim() };
}
