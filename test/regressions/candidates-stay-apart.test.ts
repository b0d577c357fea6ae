import { expect, test } from "vitest";
import { repair } from "../../src/pipeline/repair.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { editAnswer, once, scriptAnswer } from "../fixtures/model-answers.ts";
import {
  assertingScript,
  faultyLine,
  faultyPath,
  rightEdit,
  smallReplies,
} from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const script = once(scriptAnswer(assertingScript));
const wrongEdit = editAnswer(faultyPath, faultyLine, "    return a * b");
const newFile = editAnswer("calc/extra.py", "", "EXTRA = 1");

const onlyTheRightOneWorks: Answer = (command, job) => {
  const works = job.files.some(
    ({ place, content }) => place === "tree" && content?.includes("a + b") === true,
  );
  return atItsEnd(command, exited(works ? 0 : 1));
};

test("an answer without a patch between others moves nobody's verdict to another's patch", async () => {
  const { context, sandbox } = await makeStage({
    replies: smallReplies({
      generate: [once(wrongEdit), once("I see no fault."), once(`${rightEdit}\n${newFile}`)],
      "poc-asserting": [script],
    }),
    answer: onlyTheRightOneWorks,
  });

  const { evidence } = await repair(context);

  const results = evidence.ranking.ordered.map(({ candidate, verdict }) => [
    candidate.samples,
    verdict.pocs.map(({ result }) => result),
  ]);
  expect(results).toContainEqual([["generate/0/0"], ["still-broken"]]);
  expect(results).toContainEqual([["generate/2/0"], ["fixed"]]);
  expect(evidence.candidates).toHaveLength(2);
  const runs = sandbox.jobs.filter(({ label }) => label.startsWith("candidate/"));
  expect(new Set(runs.map(({ label }) => label.split("/")[1])).size).toBe(2);
});

test("every job of a candidate has the files that its patch adds, and no other candidate's", async () => {
  const { context, sandbox } = await makeStage({
    replies: smallReplies({
      generate: [once(wrongEdit), once(`${rightEdit}\n${newFile}`)],
      "poc-asserting": [script, script],
    }),
    answer: onlyTheRightOneWorks,
  });

  const { evidence } = await repair(context);

  const adds = (id: string | undefined) =>
    evidence.candidates.find((one) => one.id === id)?.samples.includes("generate/1/0");
  const runs = sandbox.jobs.filter(({ label }) => label.startsWith("candidate/"));
  expect(runs.length).toBeGreaterThan(2);
  for (const { label, files } of runs) {
    const added = files.some(({ place, path }) => place === "tree" && path === "calc/extra.py");
    expect([label, added]).toEqual([label, adds(label.split("/")[1])]);
  }
});

test("a script that fails in every way it can takes no other script's evidence with it", async () => {
  const { context } = await makeStage({
    replies: smallReplies({
      "poc-asserting": [once("", { fault: "http-500" }), once("no script"), script],
    }),
    answer: onlyTheRightOneWorks,
  });

  const { evidence } = await repair(context);

  expect(evidence.ranking.ordered.flatMap(({ verdict }) => verdict.pocs)).toMatchObject([
    { poc: "asserting-3", result: "fixed" },
  ]);
});
