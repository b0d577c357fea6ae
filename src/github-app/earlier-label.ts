import type { IssueRef } from "../domain/issue.ts";
import type { DeliveryDependencies } from "./delivery-dependencies.ts";

/** Between GitHub's two times of one labelling, in milliseconds: the sweep takes none that is younger than minutes. */
const sameMoment = 5_000;

/**
 * Whether the issue's newest run was asked for by a label that was put on at this time (ISO 8601) or later. Deliveries are
 * handled late, by minutes: the sweep finds a label whose delivery still comes, or a delivery is handled between the sweep's
 * look and what it found, and by then the run of the one may have ended.
 */
export async function hadItsRun(
  { runs }: Pick<DeliveryDependencies, "runs">,
  issue: IssueRef,
  { kind, at }: { readonly kind: "label" | "reconcile"; readonly at?: string | undefined },
): Promise<boolean> {
  if (at === undefined) return false;
  const { trigger } = (await runs.latest(issue)) ?? {};
  if (trigger === undefined || trigger.kind === "command" || trigger.at === undefined) return false;
  const tolerance = trigger.kind === kind ? 0 : sameMoment;
  return Date.parse(at) <= Date.parse(trigger.at) + tolerance;
}
