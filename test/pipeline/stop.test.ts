import { expect, test } from "vitest";
import { repair } from "../../src/pipeline/repair.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { once } from "../fixtures/model-answers.ts";
import { rightEdit, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const fixedByRightEdit: Answer = (command, job) => {
  const fixed = job.files.some((file) => file.place === "tree" && file.content?.includes(rightLine));
  return job.label.startsWith("poc") || !fixed ? exited(1) : atItsEnd(command, exited(0));
};

const slow = { delayMs: 60_000 };

test("a run that is asked to finish judges what is written and says how much is not", async () => {
  const stop = new AbortController();
  const { context } = await makeStage({
    answer: fixedByRightEdit,
    replies: smallReplies({
      generate: [once(rightEdit), once(rightEdit), once(rightEdit, slow), once(rightEdit, slow)],
    }),
    stop: stop.signal,
  });
  const report: typeof context.progress = (event) => {
    if (event.stage === "generate" && event.done === 2) stop.abort(new Error("mona asked for it"));
  };

  const result = await repair({ ...context, progress: report });

  expect(result.kind).toBe("proposed");
  expect(result.evidence.samples).toBe(2);
  expect(result.evidence.stopped).toEqual({ why: "mona asked for it", unwritten: 2 });
  expect(result.evidence.rejected).toEqual([]);
  if (result.kind !== "proposed") return;
  const issue = { ref: { repo: { owner: "o", name: "r" }, number: 1 }, title: "t", body: "b", author: "a" };
  const text = pullRequestText({ result, issue, run: { id: "run-1", attempt: 1 }, seconds: 1 });
  expect(text.body).toContain("Finished early (mona asked for it), with 2 samples unwritten.");
});

test("a run that is asked to finish before there is a patch is declined with that reason", async () => {
  const stop = new AbortController();
  const { context, asked } = await makeStage({
    replies: smallReplies({ "localize-files": [once("calc/core.py", slow)] }),
    stop: stop.signal,
  });
  setTimeout(() => stop.abort(new Error("its limit of 2 minutes was reached")), 50);

  const result = await repair(context);

  expect(result).toMatchObject({ kind: "declined", reason: "stopped" });
  expect(result.kind === "declined" && result.explanation).toContain("its limit of 2 minutes");
  expect(asked.some(({ stage }) => stage === "generate")).toBe(false);
});
