import { loginPattern } from "../domain/login.ts";
import type { RepairRun } from "../domain/run.ts";

/** The line in a commit's message by which the commit of a run is found again. */
export const runTrailer = (run: Pick<RepairRun, "id">): string =>
  `Copatcher-Run: ${run.id.replaceAll(/\s+/g, " ")}`;

/** The lines that end a commit's message: its run, and who asked for it as GitHub attributes a commit to a login. */
export function commitTrailers(run: Pick<RepairRun, "id">, requester: string): string {
  const author = `Co-authored-by: ${requester} <${requester}@users.noreply.github.com>`;
  // what is no login might be a trailer of its own
  return [runTrailer(run), ...(loginPattern.test(requester) ? [author] : [])].join("\n");
}
