import { scriptNotes } from "../../pipeline/evidence-of.ts";
import { reproduce } from "../../pipeline/reproduce.ts";
import { reproductionText } from "../../report/reproduction.ts";
import { onRepository } from "../repair-issue.ts";
import { repairInput } from "./repair-input.ts";
import { showFence, type Work } from "./work.ts";

/** `/copatcher repro`: only the reproduction scripts, on the unchanged branch. */
export const workReproduction: Work = async (deps, task) => {
  const { claim, comment, usage } = task;
  const { result } = await onRepository(deps.tools, repairInput(deps, task), async (context) => ({
    ...(await reproduce(context)),
    baseSha: context.checkout.baseSha,
    scripts: scriptNotes(context),
    unable: context.environment.unable,
  }));
  task.control.signal.throwIfAborted();
  await showFence(deps, claim);
  await comment.finish(reproductionText(claim.run, result));
  await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } }, usage.tokens());
};
