import { z } from "zod";
import { ignoreLabel, statusLabels, type Status } from "../status-label.ts";

/** A label's name as GitHub takes it; a comma would be two in a search. */
const labelName = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[^\p{Cc},]*$/u, "has a comma or a control character");

/** The label that starts a run where the settings give it no other name. */
export const usualTrigger = "copatcher";

export const TriggerLabel = z
  .union([z.boolean(), labelName])
  .default(true)
  .describe(`Whether a label starts a run; true: \`${usualTrigger}\`, or the name of another`);

/** Null where no label starts a run. */
export const triggerLabelOf = (label: z.output<typeof TriggerLabel>): string | null =>
  label === true ? usualTrigger : label === false ? null : label;

/** GitHub takes labels that differ in case for the same one. */
export const sameLabel = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const named = (status: Status) =>
  labelName.default(statusLabels[status].name).describe(statusLabels[status].description);

export const LabelSettings = z.strictObject({
  queued: named("queued"),
  running: named("running"),
  pr_open: named("pr-open"),
  needs_info: named("needs-info"),
  no_fix: named("no-fix"),
  failed: named("failed"),
  ignore: labelName.default(ignoreLabel).describe("Keeps Copatcher away from an issue, whoever asks"),
});
export type LabelSettings = z.output<typeof LabelSettings>;

const keys = {
  queued: "queued",
  running: "running",
  "pr-open": "pr_open",
  "needs-info": "needs_info",
  "no-fix": "no_fix",
  failed: "failed",
} as const satisfies Record<Status, keyof LabelSettings>;

/** A status as a label of the repository. */
export const labelOf = (status: Status, names: LabelSettings): (typeof statusLabels)[Status] => ({
  ...statusLabels[status],
  name: names[keys[status]],
});

/** Of these an issue carries one at most; the usual names are among them, since issues may carry them from before. */
export const labelFamily = (names: LabelSettings): readonly string[] => [
  ...Object.values(statusLabels).map(({ name }) => name),
  ...Object.values(keys).map((key) => names[key]),
];
