import { expect, test } from "vitest";
import type { Candidate } from "../../src/domain/candidate.ts";
import { knownMeasures, validate } from "../../src/pipeline/validate.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { judgement, once } from "../fixtures/model-answers.ts";
import { faultyPath, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { candidate, poc, tests } from "./verdict-of.ts";

const named = (id: string): Candidate => ({
  ...candidate,
  id,
  changes: [{ path: faultyPath, before: "a\n", after: `${id}\n` }],
});

test("candidates that make a script print the same are one question to the judge, also at the same time", async () => {
  const { context, asked } = await makeStage({
    answer: (_command, { label }) => exited(0, label.includes("/other/") ? "something else\n" : "right\n"),
    replies: smallReplies({ "judge-fix": [once(judgement("Yes"))] }),
  });
  const measures = knownMeasures([poc("printing-1", "printing")], tests);

  const checked = await Promise.all(
    ["one", "two", "three", "other"].map((id) => validate(context, named(id), measures)),
  );

  expect(checked.map(({ verdict }) => verdict.pocs.map(({ result }) => result))).toEqual(
    checked.map(() => ["fixed"]),
  );
  expect(asked.filter(({ stage }) => stage === "judge-fix")).toHaveLength(2);
});
