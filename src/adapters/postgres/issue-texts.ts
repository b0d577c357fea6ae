import { sql } from "kysely";
import { z } from "zod";
import type { DataCounts } from "../../ports/kept-data.ts";
import type { Database } from "./tables.ts";

/**
 * What stays of a request, for the count of attempts and of open pull requests, and to say who asked. Only what is named
 * here stays: no text, no hint, no path, nothing that another version added.
 */
const Outline = z.object({
  kind: z.string().exactOptional(),
  installation: z.number(),
  issue: z.object({
    ref: z.object({ repo: z.object({ owner: z.string(), name: z.string() }), number: z.number() }),
  }),
  trigger: z.object({
    kind: z.string(),
    sender: z.string(),
    app: z.number().exactOptional(),
    delivery: z.string(),
    at: z.string().exactOptional(),
    comment: z.number().exactOptional(),
  }),
  judges: z.string().exactOptional(),
  force: z.boolean().exactOptional(),
  pullRequest: z.number().exactOptional(),
});

/** How a request ends of which only the outline is left; the first form, `true`, still had the hint. */
const mark = `"textForgotten":2}`;

function outlineOf(request: string): string {
  const { data } = Outline.safeParse(JSON.parse(request));
  // a run that cannot be read has nobody who could use its outline
  if (data === undefined) return `{${mark}`;
  const issue = { ...data.issue, title: "", body: "", author: "" };
  return JSON.stringify({ ...data, issue, textForgotten: 2 });
}

const pageRows = 100;

/** Leaves the outline of runs that ended before then. */
export async function forgetIssueTexts(db: Database, before: Date): Promise<DataCounts> {
  for (let issueTexts = 0; ;) {
    const rows = await db
      .selectFrom("run")
      .select(["id", "request"])
      .where("at", "not in", ["queued", "running"])
      .where("changed_at", "<", before)
      .where(sql<string>`right(request, ${mark.length})`, "!=", mark)
      .limit(pageRows)
      .execute();
    for (const { id, request } of rows) {
      await db
        .updateTable("run")
        .set({ request: outlineOf(request) })
        .where("id", "=", id)
        .execute();
    }
    issueTexts += rows.length;
    if (rows.length < pageRows) return { issueTexts };
  }
}
