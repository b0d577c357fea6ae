import { z } from "zod";
import type { RunAsk } from "../../runs/request-run.ts";
import { requestRun } from "../../runs/request-run.ts";
import { appEvent } from "../app-event.ts";
import { hadItsRun } from "../earlier-label.ts";
import { Installation } from "../payload.ts";

const Found = z.object({
  action: z.literal("found"),
  // a number alone in what earlier versions stored
  installation: z.union([Installation.transform(({ id }) => id), z.int()]),
  issue: z.object({
    ref: z.object({ repo: z.object({ owner: z.string(), name: z.string() }), number: z.int().positive() }),
    title: z.string(),
    body: z.string(),
    author: z.string(),
  }),
  sender: z.string(),
  label: z.string(),
  at: z.string().optional(),
});

/** No webhook: the sweep found the label on an issue that has no run. Its name cannot come from outside. */
export const labelFound = appEvent({
  name: "copatcher-label.found",
  concerns: () => true,
  payload: Found,
  handle: async (deps, { installation, issue, sender, label, at }, deliveryId) => {
    if (await hadItsRun(deps, issue.ref, { kind: "reconcile", at })) {
      deps.logger.info({ delivery: deliveryId }, "a label had its run before it was found");
      return;
    }
    const trigger: RunAsk["trigger"] = {
      kind: "reconcile",
      sender,
      delivery: deliveryId,
      ...(at === undefined ? {} : { at }),
    };
    await requestRun(deps, { kind: "repair", installation, issue, trigger, label });
  },
});
