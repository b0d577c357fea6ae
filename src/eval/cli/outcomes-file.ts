import { z } from "zod";
import { readJsonLines } from "../../cli/json-lines.ts";
import { RecordEvent } from "../../domain/record/event.ts";
import type { PullRequestOf } from "../report/outcomes-arms.ts";
import { readJson, refusal } from "../suite/read-json.ts";

const slug = z.string().regex(/^[\w.-]+\/[\w.-]+$/, "is no OWNER/NAME");

const Head = z.object({ copatcher: z.literal("data"), version: z.literal(1) });
const Line = z.discriminatedUnion("table", [
  z.object({
    table: z.literal("run"),
    row: z.object({ id: z.string(), repository: slug, pull_request: z.int().nullable() }),
  }),
  z.object({
    table: z.literal("record_event"),
    row: z.object({ run_id: z.string(), event: z.string() }),
  }),
]);
const AnyLine = z.object({ table: z.string() });

/**
 * The pull requests in a file of `copatcher data export`. Throws `usage` when it cannot be read, and `evaluation-invalid`
 * when it is no such file.
 */
export async function readPullRequests(file: string): Promise<readonly PullRequestOf[]> {
  const numbers = new Map<string, { readonly repository: string; readonly number: number }>();
  const events = new Map<string, RecordEvent[]>();
  let isHead = true;
  for await (const value of readJsonLines(file)) {
    if (isHead) {
      if (!Head.safeParse(value).success) throw refusal(file, ["it is no file of `copatcher data export`"]);
      isHead = false;
      continue;
    }
    const line = lineOf(value, file);
    if (line?.table === "run" && line.row.pull_request !== null)
      numbers.set(line.row.id, { repository: line.row.repository, number: line.row.pull_request });
    if (line?.table === "record_event") {
      const { run_id: run, event } = line.row;
      events.set(run, [...(events.get(run) ?? []), readJson(RecordEvent, event, file)]);
    }
  }
  if (isHead) throw refusal(file, ["it is empty"]);
  return grouped(numbers, events);
}

/** Null for a table that tells nothing of pull requests. */
function lineOf(value: unknown, file: string): z.infer<typeof Line> | null {
  const { data: known } = AnyLine.safeParse(value);
  if (known !== undefined && known.table !== "run" && known.table !== "record_event") return null;
  const line = Line.safeParse(value);
  if (line.success) return line.data;
  throw refusal(
    file,
    line.error.issues.map(({ path, message }) => `${path.join(".") || "a line"}: ${message}`),
  );
}

/** A pull request may have had several runs: the one that opened it, and those that revised it. */
function grouped(
  numbers: ReadonlyMap<string, { readonly repository: string; readonly number: number }>,
  events: ReadonlyMap<string, readonly RecordEvent[]>,
): readonly PullRequestOf[] {
  const found = new Map<string, PullRequestOf>();
  for (const [run, { repository, number }] of numbers) {
    const key = `${repository}#${number}`;
    const before = found.get(key)?.events ?? [];
    found.set(key, { repository, number, events: [...before, ...(events.get(run) ?? [])] });
  }
  return [...found.values()];
}
