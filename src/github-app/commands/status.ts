import { noticeText } from "../../report/notice.ts";
import { statusText, type RunStatus } from "../../report/status.ts";
import { refusalFor } from "../../runs/authorize.ts";
import { commentMarker } from "../../runs/markers.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import type { CommandHandler } from "./handler.ts";
import { runBehind } from "./run-behind.ts";

/** The live runs and the newest one of the issue, or of the issue behind the pull request. */
export const status: CommandHandler<"status"> = async (deps, ask, forge) => {
  const { ref } = ask.issue;
  const { permissions } = await settingsForRequest(deps, forge, ref.repo);
  const applicant = { repo: ref.repo, sender: ask.sender, right: "status" } as const;
  const refusal = await refusalFor(deps, forge, permissions, applicant);
  if (refusal !== null) {
    await forge.upsertComment(ref, commentMarker("notice", ref), noticeText(refusal));
    return "refused";
  }
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
