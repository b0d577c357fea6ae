import { plan } from "../../pipeline/plan.ts";
import { planText } from "../../report/plan.ts";
import { onRepository } from "../repair-issue.ts";
import { repairInput } from "./repair-input.ts";
import { endAnswered, type Work } from "./work.ts";

/** `/copatcher plan`: where the fault seems to be and what would be changed; nothing is written but the answer. */
export const workPlan: Work = async (deps, task) => {
  const { result } = await onRepository(deps.tools, repairInput(deps, task), plan);
  await endAnswered(deps, task, planText(task.claim.run, result));
};
