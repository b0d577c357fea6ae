import { parseCommand } from "../domain/command.ts";
import type { Delivery, RunStore } from "../ports/run-store.ts";
import { noticeText, type Notice } from "../report/notice.ts";
import { commentMarker } from "../runs/markers.ts";
import { requestRun, type RequestDependencies } from "../runs/request-run.ts";
import { CommentCreated, IssueLabeled, issueOf } from "./payload.ts";

export type DeliveryDependencies = RequestDependencies & {
  readonly runs: Pick<RunStore, "request" | "run" | "delivery" | "finishDelivery">;
};

/** Turns a stored delivery into a run or an answer. Safe to repeat: a live run is not started twice. */
export async function handleDelivery(deps: DeliveryDependencies, deliveryId: string): Promise<void> {
  const delivery = await deps.runs.delivery(deliveryId);
  if (delivery === null) return;
  await handle(deps, delivery);
  await deps.runs.finishDelivery(deliveryId);
}

async function handle(deps: DeliveryDependencies, delivery: Delivery): Promise<void> {
  if (delivery.event === "issues") {
    const payload = IssueLabeled.parse(delivery.payload);
    await requestRun(deps, {
      kind: "repair",
      installation: payload.installation.id,
      issue: issueOf(payload),
      trigger: { kind: "label", sender: payload.sender.login, delivery: delivery.id },
      label: payload.label.name,
    });
    return;
  }
  const payload = CommentCreated.parse(delivery.payload);
  const command = parseCommand(payload.comment.body);
  if (command === null) return;
  const notice = noticeFor(payload, command);
  const issue = issueOf(payload);
  if (notice !== null) {
    const forge = deps.forges.forInstallation(payload.installation.id);
    await forge.upsertComment(issue.ref, commentMarker("notice", issue.ref), noticeText(notice));
    return;
  }
  await requestRun(deps, {
    kind: command.verb === "env-check" ? "environment-check" : "repair",
    installation: payload.installation.id,
    issue,
    trigger: { kind: "command", sender: payload.sender.login, delivery: delivery.id },
    label: null,
  });
}

function noticeFor(
  payload: CommentCreated,
  command: NonNullable<ReturnType<typeof parseCommand>>,
): Notice | null {
  if (command.verb === "unknown") return { kind: "unknown-command", word: command.word };
  if (command.verb === "help") return { kind: "help" };
  return payload.issue.pull_request === undefined ? null : { kind: "not-on-pull-requests" };
}
