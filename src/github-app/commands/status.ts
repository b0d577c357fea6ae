import { statusText, type RunStatus } from "../../report/status.ts";
import { commentMarker } from "../../runs/markers.ts";
import type { CommandHandler } from "./handler.ts";
import { mayAsk } from "./may-ask.ts";
import { runBehind } from "./run-behind.ts";

/** The live runs and the newest one of the issue, or of the issue behind the pull request. */
export const status: CommandHandler<"status"> = async (deps, ask, forge) => {
  const { ref } = ask.issue;
  if (!(await mayAsk(deps, ask, forge))) return "refused";
  const behind = await runBehind(deps, ask);
  const about = behind?.issue.ref ?? ref;
  const found = [...(await deps.runs.live(ref)), ...(await deps.runs.live(about)), behind];
  const runs = new Map(found.flatMap((run) => (run === null ? [] : [[run.id, run] as const])));
  const statuses = await Promise.all(
    [...runs.values()].map(async (run): Promise<RunStatus> => {
      const history = await deps.runs.transitions(run.id);
      const times = { began: history.at(0)?.time ?? null, changed: history.at(-1)?.time ?? null };
      return { run, ahead: await deps.runs.position(run.id), ...times };
    }),
  );
  await forge.upsertComment(ref, commentMarker("status", ref), statusText(statuses));
  return "done";
};
