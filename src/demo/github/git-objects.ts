import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { GitHubRefusal, notFound } from "./answer.ts";
import { GitFailure } from "./git.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";
import { readTree } from "./tree-listing.ts";

type Schemas = components["schemas"];

const BlobInput = z.object({ content: z.string(), encoding: z.enum(["utf-8", "base64"]).default("utf-8") });

const TreeInput = z.object({
  base_tree: z.string().optional(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
      type: z.enum(["blob", "tree", "commit"]).optional(),
      sha: z.string().nullish(),
      content: z.string().optional(),
    }),
  ),
});

/** Body of a request, checked; GitHub's 422 otherwise. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new GitHubRefusal(422, `Invalid request.\n\n${parsed.error.issues[0]?.message ?? ""}`);
}

const writeBlob = (site: Site, content: Uint8Array | string): Promise<string> =>
  site.git.line(["hash-object", "-w", "-t", "blob", "--stdin"], { stdin: content });

// git update-index only skips such paths, and says so on standard error.
const malformed = /(^|\/)(\.git|\.\.?|)(\/|$)/i;
const malformedPath = (): GitHubRefusal =>
  new GitHubRefusal(422, "tree.path contains a malformed path component");

async function createTree(site: Site, input: z.infer<typeof TreeInput>): Promise<string> {
  const base = input.base_tree;
  if (base !== undefined && (await site.git.resolve(base, "tree")) !== base) {
    throw new GitHubRefusal(422, "base_tree is not a valid tree oid");
  }
  const index = join(site.git.directory, `overlay-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await site.git.bytes(base === undefined ? ["read-tree", "--empty"] : ["read-tree", base], { env });
    const known = new Set((await site.git.line(["ls-files", "-z"], { env })).split("\0"));
    for (const entry of input.tree) {
      if (malformed.test(entry.path)) throw malformedPath();
      if (entry.content === undefined && entry.sha === null) {
        if (!known.has(entry.path)) throw new GitHubRefusal(422, "GitRPC::BadObjectState");
        await site.git.bytes(["update-index", "-z", "--index-info"], {
          env,
          stdin: `0 ${"0".repeat(40)}\t${entry.path}\0`,
        });
        continue;
      }
      const sha = entry.sha ?? (await writeBlob(site, entry.content ?? ""));
      if ((await site.git.resolve(sha)) === null)
        throw new GitHubRefusal(422, `tree.sha ${sha} is not a valid blob`);
      await site.git.bytes(["update-index", "--replace", "-z", "--index-info"], {
        env,
        stdin: `${entry.mode} ${sha}\t${entry.path}\0`,
      });
    }
    return await site.git.line(["write-tree"], { env });
  } catch (error) {
    if (error instanceof GitFailure) throw malformedPath();
    throw error;
  } finally {
    await rm(index, { force: true });
  }
}

/** Blobs and trees, as real objects of the bare repository. */
export const objectRoutes = (site: Site): readonly Route[] => [
  {
    method: "POST",
    pattern: below(site, "git/blobs"),
    contents: "write",
    handle: async ({ json }) => {
      const { content, encoding } = parseBody(BlobInput, json());
      const sha = await writeBlob(site, Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
      const body = { sha, url: `${repositoryUrl(site)}/git/blobs/${sha}` } satisfies Schemas["short-blob"];
      return { status: 201, body };
    },
  },
  {
    method: "GET",
    pattern: below(site, "git/blobs/([^/]+)"),
    contents: "read",
    handle: async ({ parts: [sha = ""] }) => {
      if ((await site.git.resolve(sha, "blob")) !== sha) throw notFound();
      const content = await site.git.bytes(["cat-file", "blob", sha]);
      const body = {
        sha,
        node_id: `B_${sha}`,
        size: content.byteLength,
        url: `${repositoryUrl(site)}/git/blobs/${sha}`,
        content: content.toString("base64"),
        encoding: "base64",
      } satisfies Schemas["blob"];
      return { status: 200, body };
    },
  },
  {
    method: "POST",
    pattern: below(site, "git/trees"),
    contents: "write",
    handle: async ({ json }) => {
      const sha = await createTree(site, parseBody(TreeInput, json()));
      return { status: 201, body: await readTree(site, sha, false) };
    },
  },
  {
    method: "GET",
    pattern: below(site, "git/trees/(.+)"),
    contents: "read",
    handle: async ({ parts: [name = ""], query }) => {
      const sha = await site.git.resolve(name, "tree");
      if (sha === null) throw notFound();
      return { status: 200, body: await readTree(site, sha, query.has("recursive")) };
    },
  },
];
