import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, notFound } from "./answer.ts";
import { parseBody } from "./git-objects.ts";
import { GitFailure } from "./git.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

type Schemas = components["schemas"];

const NewRef = z.object({ ref: z.string(), sha: z.string() });
const MovedRef = z.object({ sha: z.string(), force: z.boolean().default(false) });

const shown = (site: Site, ref: string, sha: string): Schemas["git-ref"] => ({
  ref,
  node_id: `REF_${ref}`,
  url: `${repositoryUrl(site)}/git/${ref}`,
  object: { type: "commit", sha, url: `${repositoryUrl(site)}/git/commits/${sha}` },
});

/** The commit that a full ref name points to, null when there is no such ref. */
export async function shaOfRef(site: Site, ref: string): Promise<string | null> {
  const valid = await isValidName(site, ref);
  return valid ? site.git.resolve(ref, "commit") : null;
}

/** The commit of each branch by its name, in one look. */
export const branchHeads = (site: Site): Promise<ReadonlyMap<string, string>> =>
  refsBelow(site, "refs/heads/");

/** The head with which each closed pull request was closed, by `NUMBER/head`; branches go on or are deleted. */
export const closedHeads = (site: Site): Promise<ReadonlyMap<string, string>> =>
  refsBelow(site, "refs/pull/");

/** Keeps the head of a pull request that was just closed, under the name that it has on GitHub. */
export async function keepClosedHead(site: Site, pull: number, branch: string): Promise<void> {
  const head = await shaOfRef(site, `refs/heads/${branch}`);
  if (head !== null) await site.git.bytes(["update-ref", `refs/pull/${pull}/head`, head]);
}

async function refsBelow(site: Site, prefix: string): Promise<ReadonlyMap<string, string>> {
  const lines = await site.git.line(["for-each-ref", "--format=%(objectname) %(refname)", prefix]);
  return new Map(
    lines.split("\n").flatMap((line): [string, string][] => {
      const [sha = "", ref = ""] = line.split(" ");
      return ref === "" ? [] : [[ref.slice(prefix.length), sha]];
    }),
  );
}

async function isValidName(site: Site, ref: string): Promise<boolean> {
  try {
    await site.git.bytes(["check-ref-format", ref]);
    return /^refs\/(heads|tags)\//.test(ref);
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}

async function requireCommit(site: Site, sha: string): Promise<void> {
  if ((await site.git.resolve(sha, "commit")) !== sha) throw new GitHubRefusal(422, "Object does not exist");
}

async function requireHistory(site: Site): Promise<void> {
  const refs = await site.git.line(["for-each-ref", "--count=1"]);
  if (refs === "") throw new GitHubRefusal(409, "Git Repository is empty.");
}

async function createRef(site: Site, ref: string, sha: string): Promise<Schemas["git-ref"]> {
  await requireHistory(site);
  if (!(await isValidName(site, ref))) throw new GitHubRefusal(422, `${ref} is not a valid ref name.`);
  await requireCommit(site, sha);
  try {
    await site.git.bytes(["update-ref", ref, sha, "0".repeat(sha.length)]);
  } catch (error) {
    if (error instanceof GitFailure) throw new GitHubRefusal(422, "Reference already exists");
    throw error;
  }
  return shown(site, ref, sha);
}

async function moveRef(
  site: Site,
  ref: string,
  input: z.infer<typeof MovedRef>,
): Promise<Schemas["git-ref"]> {
  const old = await shaOfRef(site, ref);
  if (old === null) throw new GitHubRefusal(422, "Reference does not exist");
  await requireCommit(site, input.sha);
  const forward = await site.git.line(["rev-list", "--count", `${input.sha}..${old}`]);
  if (forward !== "0" && !input.force) throw new GitHubRefusal(422, "Update is not a fast forward");
  await site.git.bytes(["update-ref", ref, input.sha, old]);
  return shown(site, ref, input.sha);
}

/** References of the bare repository. */
export const refRoutes = (site: Site): readonly Route[] => [
  {
    method: "GET",
    pattern: below(site, "git/ref/(.+)"),
    contents: "read",
    handle: async ({ parts: [name = ""] }) => {
      await requireHistory(site);
      const sha = await shaOfRef(site, `refs/${name}`);
      if (sha === null) throw notFound();
      return { status: 200, body: shown(site, `refs/${name}`, sha) };
    },
  },
  {
    method: "POST",
    pattern: below(site, "git/refs"),
    contents: "write",
    handle: async ({ json }) => {
      const { ref, sha } = parseBody(NewRef, json());
      return { status: 201, body: await createRef(site, ref, sha) };
    },
  },
  {
    method: "PATCH",
    pattern: below(site, "git/refs/(.+)"),
    contents: "write",
    handle: async ({ parts: [name = ""], json }) => ({
      status: 200,
      body: await moveRef(site, `refs/${name}`, parseBody(MovedRef, json())),
    }),
  },
  {
    method: "DELETE",
    pattern: below(site, "git/refs/(.+)"),
    contents: "write",
    handle: async ({ parts: [name = ""] }) => {
      const sha = await shaOfRef(site, `refs/${name}`);
      if (sha === null) throw new GitHubRefusal(422, "Reference does not exist");
      await site.git.bytes(["update-ref", "-d", `refs/${name}`, sha]);
      return { status: 204, body: null };
    },
  },
  {
    method: "GET",
    pattern: below(site, "branches"),
    contents: "read",
    handle: async () => {
      const body = [...(await branchHeads(site))].map(([name, sha]): Schemas["short-branch"] => {
        const url = `${repositoryUrl(site)}/commits/${sha}`;
        return { name, commit: { sha, url }, protected: false };
      });
      return { status: 200, body };
    },
  },
];
