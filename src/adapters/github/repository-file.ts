import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import { repoSlug, type RepoRef } from "../../domain/issue.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";

const File = z.object({
  type: z.literal("file"),
  size: z.number(),
  /** `none` above 1 MB. */
  encoding: z.string(),
  content: z.string(),
});
/** A folder is a list; symlinks that lead nowhere and submodules have a type of their own. */
const Answer = z.union([File, z.array(z.unknown()), z.looseObject({ type: z.string() })]);

/** The bytes of a regular file, of the default branch when no commit is named; null when there is none that the installation may read. */
export async function repositoryFile(
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  { path, commit }: { readonly path: string; readonly commit: string | undefined },
): Promise<Uint8Array | null> {
  const target = {
    owner: repo.owner,
    repo: repo.name,
    path,
    ...(commit === undefined ? {} : { ref: commit }),
  };
  const answer = await call("read a file", Answer, () => client.rest.repos.getContent(target)).catch(
    (error: unknown) => {
      if (statusOf(error) === 404) return null;
      throw error;
    },
  );
  const file = File.safeParse(answer);
  if (!file.success) return null;
  const { encoding, content, size } = file.data;
  if (encoding === "base64") return Buffer.from(content, "base64");
  throw new RepairError(
    "forge-rejected",
    `Could not read ${repoSlug(repo)}/${path}. It has ${size} bytes, and GitHub gives no more than 1 MB.`,
    { data: { size } },
  );
}
