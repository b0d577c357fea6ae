import { expect, test } from "vitest";
import { localizeFiles } from "../../src/pipeline/localize.ts";
import { repair } from "../../src/pipeline/repair.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { faultyLine, faultyPath, rightEdit, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

/** What generation makes of these answers, given the right place. */
async function generateFrom(...answers: readonly Reply[]) {
  const { context } = await makeStage({ replies: smallReplies({ generate: answers.map((one) => [one]) }) });
  return (await repair(context)).evidence;
}

const [reply = { text: "" }] = once("");
const broken = (fault: Reply["fault"]): Reply => ({ ...reply, ...(fault === undefined ? {} : { fault }) });

test.each<[string, Reply, string]>([
  ["prose without an edit", { text: "I would change the sign." }, "no-answer"],
  ["no text at all", broken("empty"), "no-answer"],
  [
    "reasoning that never ends",
    { text: `<think>so ${"and so ".repeat(2_000)}`, finish: "length" },
    "truncated",
  ],
  ["an answer cut off in its edit", { text: rightEdit.slice(0, -20), finish: "length" }, "truncated"],
  ["an edit that never closes", { text: rightEdit.slice(0, -20) }, "malformed-edit"],
  ["fifty megabytes", broken("huge"), "no-answer"],
  ["an endless stream", broken("endless"), "no-answer"],
  ["bytes that are no JSON", broken("garbage-json"), "no-answer"],
  ["a dropped connection", broken("drop-midway"), "no-answer"],
  ["a syntax error", { text: editAnswer(faultyPath, faultyLine, "    return a +") }, "syntax-error"],
  [
    "text that is not in the file",
    { text: editAnswer(faultyPath, "    return b", rightLine) },
    "search-not-found",
  ],
])("counts %s as a rejected sample beside a right one", async (_, answer, reason) => {
  const { candidates, rejected, samples } = await generateFrom(answer, { text: rightEdit });

  expect(rejected.map((one) => [one.sample, one.reason])).toEqual([["generate/0/0", reason]]);
  expect(candidates.map((one) => one.samples)).toEqual([["generate/1/0"]]);
  expect(samples).toBe(2);
});

test("says that the models are unusable when every generation sample fails", async () => {
  await expect(generateFrom(broken("huge"), broken("http-500"))).rejects.toMatchObject({
    code: "inference-unusable",
    message: expect.stringContaining("all 2 samples failed"),
  });
});

test.each<[string, Reply]>([
  ["fail", broken("hang")],
  ["are empty", broken("empty")],
  ["hold reasoning only", { text: "<think>hm</think>" }],
  ["are cut off", { text: "calc", finish: "length" }],
])("says that the models are unusable when all localization samples %s", async (_, answer) => {
  const { context } = await makeStage({ replies: smallReplies({ "localize-files": [[answer], [answer]] }) });

  await expect(localizeFiles(context)).rejects.toMatchObject({ code: "inference-unusable" });
});

test("declines when the models answer, but name no file of the repository", async () => {
  const replies = smallReplies({
    "localize-files": [once("lorem ipsum"), once("../../etc/passwd\n/etc/shadow")],
  });
  const { context } = await makeStage({ replies });

  expect(await repair(context)).toMatchObject({ kind: "declined", reason: "no-location" });
});

test("falls back to the suspected files when no sample names readable lines", async () => {
  const replies = smallReplies({
    "localize-lines": [once("line: 99999\nfunction: nowhere"), [broken("huge")]],
  });
  const { context } = await makeStage({ replies });

  const { locations } = (await repair(context)).evidence;

  expect(locations).toEqual([{ path: faultyPath, range: { first: 1, last: 3 }, votes: 0 }]);
});

test("a wrong key ends the repair instead of failing sample by sample", async () => {
  const { context, sandbox } = await makeStage({
    replies: smallReplies({ generate: [[broken("http-401")]] }),
  });

  await expect(repair(context)).rejects.toMatchObject({ code: "inference-misconfigured" });
  expect(sandbox.jobs.filter((job) => job.label.startsWith("candidate/"))).toEqual([]);
});
