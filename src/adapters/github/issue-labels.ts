import { z } from "zod";
import { repoSlug, type IssueRef } from "../../domain/issue.ts";
import { sameLabel } from "../../domain/settings/labels.ts";
import type { Label } from "../../ports/forge.ts";
import type { Call, GitHubClient } from "./github-call.ts";
import { statusOf } from "./github-error.ts";

const Labels = z.array(z.object({ name: z.string() }));

const targetOf = ({ repo, number }: IssueRef) => ({
  owner: repo.owner,
  repo: repo.name,
  issue_number: number,
});

const isGone = (error: unknown): boolean => [404, 410].includes(statusOf(error) ?? 0);

export async function labelsOf(call: Call, client: GitHubClient, ref: IssueRef): Promise<readonly string[]> {
  const target = { ...targetOf(ref), per_page: 100 };
  const labels = await call("read the issue's labels", Labels, () =>
    client.rest.issues.listLabelsOnIssue(target),
  );
  return labels.map(({ name }) => name);
}

/** Absent labels, and issues that are gone, are fine. */
export async function removeLabel(
  call: Call,
  client: GitHubClient,
  ref: IssueRef,
  name: string,
): Promise<void> {
  const target = { ...targetOf(ref), name };
  try {
    await call("remove the label", z.unknown(), () => client.rest.issues.removeLabel(target));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Labels that are known to be there, as `owner/name label`. */
type Known = Set<string>;

/** `known` are labels that this process has seen or made: they are not made again. */
export async function paintLabel(
  call: Call,
  client: GitHubClient,
  ref: IssueRef,
  { wanted, family, known }: { wanted: Label | null; family: readonly string[]; known: Known },
): Promise<void> {
  const there = await labelsOf(call, client, ref).catch((error: unknown) => {
    if (isGone(error)) return null;
    throw error;
  });
  if (there === null) return;
  const isWanted = (name: string): boolean => wanted !== null && sameLabel(name, wanted.name);
  const ofFamily = there.filter((name) => family.some((other) => sameLabel(name, other)));
  for (const name of ofFamily) if (!isWanted(name)) await removeLabel(call, client, ref, name);
  if (wanted === null || there.some(isWanted)) return;
  await makeLabel(call, client, ref, { wanted, known });
  await call("label the issue", z.unknown(), () =>
    client.rest.issues.addLabels({ ...targetOf(ref), labels: [wanted.name] }),
  );
}

async function makeLabel(
  call: Call,
  client: GitHubClient,
  { repo }: IssueRef,
  { wanted, known }: { readonly wanted: Label; readonly known: Known },
): Promise<void> {
  const key = `${repoSlug(repo)} ${wanted.name}`.toLowerCase();
  if (known.has(key)) return;
  try {
    await call("make a label", z.unknown(), () =>
      client.rest.issues.createLabel({ owner: repo.owner, repo: repo.name, ...wanted }),
    );
  } catch (error) {
    // it is there already
    if (statusOf(error) !== 422) throw error;
  }
  known.add(key);
}
