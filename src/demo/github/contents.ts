import type { components } from "@octokit/openapi-types";
import { GitHubRefusal, notFound, type Answer } from "./answer.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";
import { listTree, type TreeLine } from "./tree-listing.ts";

type Schemas = components["schemas"];

/** Files above this size come without their content, as on GitHub. */
const inlineLimit = 1024 * 1024;

function addresses(site: Site, line: TreeLine, path: string, ref: string) {
  const base = repositoryUrl(site);
  const self = `${base}/contents/${encodeURI(path)}?ref=${encodeURIComponent(ref)}`;
  const page = `${site.url}/${site.owner}/${site.name}`;
  const git = `${base}/git/${line.type}s/${line.sha}`;
  const html = `${page}/${line.type}/${ref}/${encodeURI(path)}`;
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha: line.sha,
    size: line.size ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    _links: { self, git, html },
  };
}

const kindOf = (line: TreeLine): "file" | "dir" => (line.type === "tree" ? "dir" : "file");

async function directory(site: Site, tree: string, path: string, ref: string): Promise<Answer> {
  const lines = await listTree(site.git, tree);
  const prefix = path === "" ? "" : `${path}/`;
  const body = lines.map((line) => ({
    ...addresses(site, line, `${prefix}${line.path}`, ref),
    type: kindOf(line),
    download_url: null,
  })) satisfies Schemas["content-directory"];
  return { status: 200, body };
}

async function file(site: Site, line: TreeLine, path: string, ref: string, raw: boolean): Promise<Answer> {
  const content = await site.git.bytes(["cat-file", "blob", line.sha]);
  if (raw) {
    return { status: 200, body: content, headers: { "content-type": "application/vnd.github.raw" } };
  }
  const inline = content.byteLength <= inlineLimit;
  const body = {
    ...addresses(site, line, path, ref),
    type: "file",
    download_url: null,
    content: inline ? content.toString("base64").replace(/.{60}/g, "$&\n") : "",
    encoding: inline ? "base64" : "none",
  } satisfies Schemas["content-file"];
  return { status: 200, body };
}

/** `GET contents/{path}?ref=`: files as base64, directories as lists, symlinks by their target. */
export const contentsRoute = (site: Site): Route => ({
  method: "GET",
  pattern: below(site, "contents(?:/(.*))?"),
  contents: "read",
  handle: async ({ parts: [given = ""], query, accept }) => {
    const path = given.replace(/\/+$/, "");
    const ref = query.get("ref") ?? site.defaultBranch;
    const commit = await site.git.resolve(ref, "commit");
    if (commit === null) throw new GitHubRefusal(404, `No commit found for the ref ${ref}`);
    if (path === "") return directory(site, commit, "", ref);
    const [line] = await listTree(site.git, commit, { path });
    if (line === undefined || line.path !== path) throw notFound();
    if (line.type === "tree") return directory(site, line.sha, path, ref);
    if (line.mode === "120000") {
      const target = (await site.git.bytes(["cat-file", "blob", line.sha])).toString();
      const body = {
        ...addresses(site, line, path, ref),
        type: "symlink",
        target,
        download_url: null,
      } satisfies Schemas["content-symlink"];
      return { status: 200, body };
    }
    if (line.type === "commit") throw notFound();
    return file(site, line, path, ref, accept.includes("raw"));
  },
});
