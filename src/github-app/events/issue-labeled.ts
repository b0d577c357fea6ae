import { z } from "zod";
import type { IssueRef } from "../../domain/issue.ts";
import { sameLabel, triggerLabelOf, usualTrigger } from "../../domain/settings/labels.ts";
import { requestRun } from "../../runs/request-run.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import { appEvent, byBot, fieldAt } from "../app-event.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { aboutIssue, issueOf } from "../payload.ts";

/** Between GitHub's two times of one labelling, in milliseconds: the sweep takes none that is younger than minutes. */
const sameMoment = 5_000;

/** GitHub may be late by minutes: the sweep has found this label meanwhile, and the run that it began may have ended. */
async function wasFound(
  { runs }: Pick<DeliveryDependencies, "runs">,
  issue: IssueRef,
  at: string | undefined,
): Promise<boolean> {
  if (at === undefined) return false;
  const { trigger } = (await runs.latest(issue)) ?? {};
  if (trigger?.kind !== "reconcile" || trigger.at === undefined) return false;
  return Date.parse(at) <= Date.parse(trigger.at) + sameMoment;
}

/** Someone put a label on: a run is asked for when it is the one that the settings name. */
export const issueLabeled = appEvent({
  name: "issues.labeled",
  concerns: (payload) => {
    const name = fieldAt(payload, "label", "name");
    return typeof name === "string" && name !== "" && !byBot(payload);
  },
  payload: z.object({ label: z.object({ name: z.string() }), ...aboutIssue }),
  handle: async (deps, payload, deliveryId) => {
    const issue = issueOf(payload);
    const forge = deps.forges.forInstallation(payload.installation.id);
    const { trigger } = await settingsForRequest(deps, forge, issue.ref.repo);
    // where no label starts a run, whoever puts on the usual one is told so
    if (!sameLabel(payload.label.name, triggerLabelOf(trigger.label) ?? usualTrigger)) return;
    if (await wasFound(deps, issue.ref, payload.issue.updated_at)) {
      deps.logger.info({ delivery: deliveryId }, "a label was found before its delivery came");
      return;
    }
    await requestRun(deps, {
      kind: "repair",
      installation: payload.installation.id,
      issue,
      trigger: {
        kind: "label",
        sender: payload.sender.login,
        delivery: deliveryId,
        // putting a label on is a change of the issue
        ...(payload.issue.updated_at === undefined ? {} : { at: payload.issue.updated_at }),
      },
      label: payload.label.name,
    });
  },
});
