import { z } from "zod";
import { requestRun } from "../../runs/request-run.ts";
import { appEvent, byBot, fieldAt } from "../app-event.ts";
import { aboutIssue, issueOf } from "../payload.ts";

/** The label that starts a run. */
export const triggerLabel = "copatcher";

/** GitHub takes labels that differ in case for the same one. */
const isTrigger = (label: unknown): boolean =>
  typeof label === "string" && label.length === triggerLabel.length && label.toLowerCase() === triggerLabel;

/** Someone put the label on: a run is asked for. */
export const issueLabeled = appEvent({
  name: "issues.labeled",
  concerns: (payload) => isTrigger(fieldAt(payload, "label", "name")) && !byBot(payload),
  payload: z.object({ label: z.object({ name: z.string() }), ...aboutIssue }),
  handle: async (deps, payload, deliveryId) => {
    await requestRun(deps, {
      kind: "repair",
      installation: payload.installation.id,
      issue: issueOf(payload),
      trigger: { kind: "label", sender: payload.sender.login, delivery: deliveryId },
      label: payload.label.name,
    });
  },
});
