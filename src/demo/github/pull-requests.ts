import { z } from "zod";
import { GitHubRefusal, invalidBecause, invalidField, type Answer } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { branchHeads, closedHeads, shaOfRef } from "./git-refs.ts";
import { GitFailure } from "./git.ts";
import { below, type Route, type Site } from "./route.ts";

const NewPull = z.looseObject({ head: z.string(), base: z.string(), body: z.string().nullish() });

const Pull = z.looseObject({
  number: z.number(),
  state: z.string(),
  head: z.looseObject({ ref: z.string(), sha: z.string() }),
  base: z.looseObject({ ref: z.string(), sha: z.string() }),
});

/** GitHub refuses longer titles' and bodies' texts with 422. */
export const bodyLimit = 65_536;

const branch = (site: Site, name: string): Promise<string | null> => shaOfRef(site, `refs/heads/${name}`);

/** emulate knows no git data of ours: what a pull request says about commits comes from the bare repository. */
export const withRealCommits = async (site: Site, value: unknown): Promise<unknown> =>
  withCommitsOf(site, await headsOf(site), value);

/** The same for many. */
export async function eachWithRealCommits(
  site: Site,
  values: readonly unknown[],
): Promise<readonly unknown[]> {
  const heads = await headsOf(site);
  return Promise.all(values.map((value) => withCommitsOf(site, heads, value)));
}

type Heads = { readonly branches: ReadonlyMap<string, string>; readonly closed: ReadonlyMap<string, string> };

async function headsOf(site: Site): Promise<Heads> {
  const [branches, closed] = await Promise.all([branchHeads(site), closedHeads(site)]);
  return { branches, closed };
}

async function withCommitsOf(site: Site, { branches, closed }: Heads, value: unknown): Promise<unknown> {
  const parsed = Pull.safeParse(value);
  if (!parsed.success) return value;
  const pull = parsed.data;
  const kept = pull.state === "closed" ? closed.get(`${pull.number}/head`) : undefined;
  const [head, base] = [kept ?? branches.get(pull.head.ref), branches.get(pull.base.ref)];
  if (head === undefined || base === undefined) return pull;
  const real = { ...pull, head: { ...pull.head, sha: head }, base: { ...pull.base, sha: base } };
  return "commits" in pull ? { ...real, ...(await sizes(site, base, head)) } : real;
}

async function sizes(site: Site, base: string, head: string) {
  const fork = await site.git.line(["merge-base", base, head]).catch((error: unknown) => {
    // a head that was rewritten has nothing in common with its base any more
    if (error instanceof GitFailure) return base;
    throw error;
  });
  const counts = (await site.git.line(["diff-tree", "-r", "--numstat", fork, head])).split("\n");
  const sum = (column: number): number =>
    counts.reduce((total, line) => total + (Number.parseInt(line.split("\t")[column] ?? "", 10) || 0), 0);
  return {
    commits: Number(await site.git.line(["rev-list", "--count", `${base}..${head}`])),
    additions: sum(0),
    deletions: sum(1),
    changed_files: counts.filter((line) => line !== "").length,
  };
}

async function requireBranches(site: Site, input: z.infer<typeof NewPull>): Promise<string> {
  const name = input.head.startsWith(`${site.owner}:`) ? input.head.slice(site.owner.length + 1) : input.head;
  const head = await branch(site, name);
  if (head === null) throw invalidField("PullRequest", "head");
  const base = await branch(site, input.base);
  if (base === null) throw invalidField("PullRequest", "base");
  if ((await site.git.line(["rev-list", "--count", `${base}..${head}`])) === "0") {
    throw invalidBecause("PullRequest", `No commits between ${input.base} and ${name}`);
  }
  if ((input.body?.length ?? 0) > bodyLimit) throw tooLong("PullRequest");
  return name;
}

export const tooLong = (resource: string): GitHubRefusal =>
  invalidBecause(resource, `body is too long (maximum is ${bodyLimit} characters)`);

const corrected = async (site: Site, answer: Answer): Promise<Answer> => ({
  ...answer,
  body: Array.isArray(answer.body)
    ? await eachWithRealCommits(site, answer.body)
    : await withRealCommits(site, answer.body),
});

type Handle = Route["handle"];

const opening =
  (site: Site, openHeads: () => Promise<readonly string[]>): Handle =>
  async ({ json, forward }) => {
    const name = await requireBranches(site, parseBody(NewPull, json()));
    if ((await openHeads()).includes(name)) {
      throw invalidBecause("PullRequest", `A pull request already exists for ${site.owner}:${name}.`);
    }
    return corrected(site, await forward());
  };

/** However close two come, the second finds what the first did. */
function oneByOne(handle: Handle): Handle {
  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answer = last.then(() => handle(request));
    last = answer.catch(() => {});
    return answer;
  };
}

/**
 * Pull requests live in emulate, which makes missing branches up; here they must exist, differ and not be
 * proposed already. `openHeads` tells the head branches of the open pull requests.
 */
export const pullRoutes = (site: Site, openHeads: () => Promise<readonly string[]>): readonly Route[] => [
  {
    method: "POST",
    pattern: below(site, "pulls"),
    contents: "read",
    handle: oneByOne(opening(site, openHeads)),
  },
  {
    method: "GET",
    pattern: below(site, "pulls(?:/\\d+)?"),
    contents: "none",
    handle: async ({ forward }) => corrected(site, await forward()),
  },
  {
    method: "PATCH",
    pattern: below(site, "pulls/\\d+"),
    contents: "none",
    handle: async ({ json, forward }) => {
      const { body } = parseBody(z.looseObject({ body: z.string().nullish() }), json());
      if ((body?.length ?? 0) > bodyLimit) throw tooLong("PullRequest");
      return corrected(site, await forward());
    },
  },
];
