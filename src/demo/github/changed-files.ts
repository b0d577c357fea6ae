import type { components } from "@octokit/openapi-types";
import { z } from "zod";
import { shaOfRef } from "./git-refs.ts";
import { below, repositoryUrl, type Route, type Site } from "./route.ts";

type Entry = components["schemas"]["diff-entry"];

const Pull = z.looseObject({
  head: z.looseObject({ ref: z.string() }),
  base: z.looseObject({ ref: z.string() }),
});

const statuses: Readonly<Record<string, Entry["status"]>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

/** `GET pulls/{number}/files` from the bare repository, without patches and counts. */
export const changedFilesRoute = (site: Site): Route => ({
  method: "GET",
  pattern: below(site, "pulls/(\\d+)/files"),
  contents: "read",
  handle: async ({ parts: [number = ""], query, forward }) => {
    const answer = await forward(`/repos/${site.owner}/${site.name}/pulls/${number}`);
    const pull = Pull.safeParse(answer.body);
    if (!pull.success) return answer;
    const { head, base } = pull.data;
    const tip = await shaOfRef(site, `refs/heads/${head.ref}`);
    const entries = tip === null ? [] : await entriesOf(site, base.ref, tip);
    const size = Number(query.get("per_page") ?? 30);
    const from = (Number(query.get("page") ?? 1) - 1) * size;
    return { status: 200, body: entries.slice(from, from + size) };
  },
});

async function entriesOf(site: Site, base: string, tip: string): Promise<readonly Entry[]> {
  const fork = await site.git.line(["merge-base", `refs/heads/${base}`, tip]);
  const raw = (await site.git.bytes(["diff-tree", "-r", "-M", "-z", "--raw", fork, tip])).toString();
  const fields = raw.split("\0");
  const entries: Entry[] = [];
  for (let at = 0; (fields[at] ?? "") !== ""; at += 2) {
    const [, , , sha = "", letter = ""] = (fields[at] ?? "").split(" ");
    const renamed = letter.startsWith("R");
    const filename = fields[at + (renamed ? 2 : 1)] ?? "";
    entries.push({
      sha,
      filename,
      status: statuses[letter.charAt(0)] ?? "changed",
      additions: 0,
      deletions: 0,
      changes: 0,
      blob_url: `${site.url}/${site.owner}/${site.name}/blob/${tip}/${encodeURI(filename)}`,
      raw_url: `${site.url}/${site.owner}/${site.name}/raw/${tip}/${encodeURI(filename)}`,
      contents_url: `${repositoryUrl(site)}/contents/${encodeURI(filename)}?ref=${tip}`,
      ...(renamed ? { previous_filename: fields[at + 1] ?? "" } : {}),
    });
    if (renamed) at += 1;
  }
  return entries;
}
