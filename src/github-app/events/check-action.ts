import { z } from "zod";
import type { IssueRef } from "../../domain/issue.ts";
import type { RepairRun } from "../../domain/run.ts";
import { checkActions, type CheckActionName } from "../../report/validation-check.ts";
import { orderRun } from "../../runs/order-run.ts";
import { requestRun } from "../../runs/request-run.ts";
import { checkProposedSettings, pullRequestOfCheck } from "../../runs/settings-check.ts";
import { runOfCheck } from "../../runs/validation-check.ts";
import { appEvent, byBot, fieldAt, type AppEvent } from "../app-event.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import { Installation, repoOf, Repository, Sender } from "../payload.ts";

const aboutCheck = {
  installation: Installation,
  repository: Repository,
  sender: Sender,
  check_run: z.object({ external_id: z.string(), head_sha: z.string() }),
};

function isOurs(payload: object): boolean {
  const id = fieldAt(payload, "check_run", "external_id");
  if (typeof id !== "string" || byBot(payload)) return false;
  return runOfCheck(id) !== null || pullRequestOfCheck(id) !== null;
}

const isAction = (name: string): name is CheckActionName => Object.hasOwn(checkActions, name);

/** Someone pressed a button of a verdict. Who may not is told so on the issue. */
const actionRequested = appEvent({
  name: "check_run.requested_action",
  concerns: isOurs,
  payload: z.object({ ...aboutCheck, requested_action: z.object({ identifier: z.string() }) }),
  handle: async (deps, payload, delivery) => {
    const { identifier } = payload.requested_action;
    const about = await runBehind(deps, payload);
    if (about === null || !isAction(identifier)) return;
    const { run, issue } = about;
    const { installation, sender } = payload;
    switch (identifier) {
      case "rerun":
        await runAgain(deps, about, { sender: sender.login, delivery });
        return;
      case "add-test":
        await addTest(deps, about, { sender: sender.login, delivery });
        return;
      case "cancel":
        await orderRun(deps, { verb: "cancel", installation: installation.id, issue, sender: sender.login });
        return;
      default:
        throw new RangeError(`${String(identifier satisfies never)} of ${run.id} has no handler`);
    }
  },
});

/** GitHub's own "Re-run": a verdict starts a new attempt, settings are checked once more. */
const rerequested = appEvent({
  name: "check_run.rerequested",
  concerns: isOurs,
  payload: z.object(aboutCheck),
  handle: async (deps, payload, delivery) => {
    const { installation, repository, sender, check_run: check } = payload;
    const pullRequest = pullRequestOfCheck(check.external_id);
    if (pullRequest === null) {
      const about = await runBehind(deps, payload);
      if (about !== null) await runAgain(deps, about, { sender: sender.login, delivery });
      return;
    }
    const repo = repoOf(repository);
    const base = await deps.forges.forInstallation(installation.id).defaultBranch(repo);
    if (base === null) return;
    await checkProposedSettings(deps, {
      installation: installation.id,
      repo,
      pullRequest,
      headSha: check.head_sha,
      baseSha: base.sha,
    });
  },
});

type Behind = { readonly run: RepairRun; readonly issue: IssueRef };

/** Only the App itself can have written the id; the repository may have another name by now. */
async function runBehind(
  deps: DeliveryDependencies,
  payload: z.infer<z.ZodObject<typeof aboutCheck>>,
): Promise<Behind | null> {
  const { installation, repository, check_run: check } = payload;
  const id = runOfCheck(check.external_id);
  const run = id === null ? null : await deps.runs.run(id);
  // of a run that was aged out only the outline is left
  if (run === null || run.issue.title === "" || run.installation !== installation.id) {
    deps.logger.info({ check: check.external_id }, "the run of a check is not known (any more)");
    return null;
  }
  return { run, issue: { repo: repoOf(repository), number: run.issue.ref.number } };
}

/** The issue and what was said on it as they were for the run: what people have read is what is tried again. */
async function runAgain(
  deps: DeliveryDependencies,
  { run, issue }: Behind,
  by: { readonly sender: string; readonly delivery: string },
): Promise<void> {
  const { id: _, attempt: _a, state: _s, judges: _j, ...request } = run;
  const { at } = run.trigger;
  await requestRun(deps, {
    ...request,
    issue: { ...run.issue, ref: issue },
    trigger: { kind: "command", ...by, ...(at === undefined ? {} : { at, repeats: true as const }) },
    label: null,
  });
}

/** On the pull request that the run opened; who may not is told so there. */
async function addTest(
  deps: DeliveryDependencies,
  { run, issue }: Behind,
  by: { readonly sender: string; readonly delivery: string },
): Promise<void> {
  if (run.state.at !== "proposed") {
    deps.logger.info(
      { runId: run.id, at: run.state.at },
      "a test is wanted for a run without a pull request",
    );
    return;
  }
  const { pullRequest } = run.state;
  await requestRun(deps, {
    kind: "test-addition",
    installation: run.installation,
    issue: { ...run.issue, ref: { repo: issue.repo, number: pullRequest } },
    trigger: { kind: "command", ...by },
    label: null,
    pullRequest,
  });
}

export const checkEvents: readonly AppEvent[] = [actionRequested, rerequested];
