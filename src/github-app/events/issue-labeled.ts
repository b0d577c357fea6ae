import { z } from "zod";
import { sameLabel, triggerLabelOf, usualTrigger } from "../../domain/settings/labels.ts";
import { requestRun } from "../../runs/request-run.ts";
import { settingsForRequest } from "../../runs/settings-request.ts";
import { appEvent, byBot, fieldAt } from "../app-event.ts";
import { hadItsRun } from "../earlier-label.ts";
import { aboutIssue, issueOf } from "../payload.ts";

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
    // putting a label on is a change of the issue
    const { updated_at: at } = payload.issue;
    if (await hadItsRun(deps, issue.ref, { kind: "label", at })) {
      deps.logger.info({ delivery: deliveryId }, "a label had its run before its delivery came");
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
        ...(at === undefined ? {} : { at }),
      },
      label: payload.label.name,
    });
  },
});
