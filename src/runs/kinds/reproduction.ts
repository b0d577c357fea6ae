import { scriptNotes } from "../../pipeline/evidence-of.ts";
import { reproduce } from "../../pipeline/reproduce.ts";
import { reproductionText } from "../../report/reproduction.ts";
import { onRepository } from "../repair-issue.ts";
import { repairInput } from "./repair-input.ts";
import { endAnswered, type Work } from "./work.ts";

/** `/copatcher repro`: only the reproduction scripts, on the unchanged branch. */
export const workReproduction: Work = async (deps, task) => {
  const { result } = await onRepository(deps.tools, repairInput(deps, task), async (context) => ({
    ...(await reproduce(context)),
    baseSha: context.checkout.baseSha,
    scripts: scriptNotes(context),
    unable: context.environment.unable,
  }));
  await endAnswered(deps, task, reproductionText(task.claim.run, result));
};
