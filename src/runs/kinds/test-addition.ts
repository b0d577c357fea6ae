import { addTest } from "../../pipeline/add-test.ts";
import { movedText } from "../../report/follow-up.ts";
import { unfitPullRequestText } from "../../report/pull-request-refusal.ts";
import {
  addedTestText,
  noTestText,
  testCommit,
  testSection,
  testSentence,
} from "../../report/test-addition.ts";
import { baseSettings } from "../base-settings.ts";
import { addFollowUp } from "../follow-up-commit.ts";
import { keptScripts } from "../kept-scripts.ts";
import { keepAddedTests } from "../kept-tests.ts";
import { onPullRequest } from "../pull-request-stage.ts";
import { accessLost, beginPublishing, followUp, originalProblem, refused } from "./follow-up.ts";

/** `/copatcher add-test`: the script that reproduced the issue becomes a test, as one more commit on a pull request of ours. */
export const workTestAddition = followUp(async (deps, task, about) => {
  const { run, original, pull } = about;
  const known = await keptScripts(deps.records, original.id);
  if (known.length === 0) return refused(deps, task, noTestText(run, { kind: "nothing-kept" }));
  const { context, permissions } = await baseSettings(deps, task);
  const { hint = original.hint } = run;
  const told = { ...original, ...(hint === undefined ? {} : { hint }) };
  const problem = await originalProblem(deps, task, told, context);
  const end = await onPullRequest(deps, task, pull, problem, ({ context: stage, head, changes }) =>
    addTest(stage, { head, changes }, known),
  );
  if (end.kind === "unfit") return refused(deps, task, unfitPullRequestText(run, end.why));
  const added = end.value;
  if (added.kind !== "added") return refused(deps, task, noTestText(run, added));
  const lost = await accessLost(deps, task, permissions);
  if (lost !== null) return refused(deps, task, lost);

  const seconds = await beginPublishing(deps, task);
  const outcome = await addFollowUp(deps.tools, task.forge, about, {
    ...testCommit(run, original, added),
    edit: added.edit,
    section: (sha) => testSection(added, sha),
    result: added.result,
    remark: testSentence(added),
  });
  if (outcome.kind === "moved") return movedText(run, pull.headSha, "add-test");
  const { edit, tests } = added;
  const commit = { opened: original.id, pullRequest: pull.number, commit: outcome.sha, edit, tests };
  await keepAddedTests(deps, commit);
  return addedTestText(run, added, { ...outcome, seconds });
});
