import { describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { reproduce } from "../../src/pipeline/reproduce.ts";
import { knownMeasures, validate } from "../../src/pipeline/validate.ts";
import type { RecordedReplies } from "../../src/simulator/replies.ts";
import type { Language } from "../../src/languages/language.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { judgement, once, scriptAnswer } from "../fixtures/model-answers.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { candidate, tests } from "./verdict-of.ts";

type Replies = RecordedReplies["replies"];

/** The chains' results when each job of that label ends as given; others fail an assertion. */
async function chainsOf(
  replies: Replies,
  outcomes: Readonly<Record<string, ExecutionOutcome>> | Answer = {},
  change: Partial<Language> = {},
) {
  const stage = await makeStage({
    replies: smallReplies({ "poc-asserting": [], "poc-printing": [], ...replies }),
    answer:
      typeof outcomes === "function"
        ? outcomes
        : (command, job) => atItsEnd(command, outcomes[job.label] ?? exited(1)),
  });
  const language = { ...stage.context.language, ...change };
  const { pocs, failed } = await reproduce({ ...stage.context, language });
  return { ...stage, pocs, failed, labels: stage.sandbox.jobs.map((job) => job.label) };
}

const script = scriptAnswer("assert False");

test("a script counts only after it ended the same way twice on the unpatched tree", async () => {
  const { pocs, labels } = await chainsOf({ "poc-asserting": [once(script)] });

  expect(pocs).toMatchObject([{ id: "asserting-1", attempts: 1, source: "assert False\n" }]);
  expect(labels).toEqual(["poc/asserting-1/0", "poc-confirm/asserting-1/0"]);
});

test("a script that prints its own name says the same with a patch that changes nothing", async () => {
  const stage = await makeStage({
    replies: {
      ...smallReplies({ "poc-asserting": [], "poc-printing": [once(scriptAnswer("print(1)"))] }),
      judges: { "judge-poc": [{ when: [], reply: { text: judgement("Yes") } }] },
    },
    answer: (command, { files }) => atItsEnd(command, exited(0, `warning in ${files.at(-2)?.path}\n`)),
  });
  const { pocs } = await reproduce(stage.context);
  const { verdict } = await validate(stage.context, candidate, knownMeasures(pocs, tests));

  expect(verdict.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule" }]);
});

test("a script whose second run ends differently is written anew, with its output", async () => {
  const { pocs, asked } = await chainsOf(
    { "poc-asserting": [[...once(script), ...once(scriptAnswer("assert 1 == 2"))]] },
    { "poc-confirm/asserting-1/0": exited(0) },
  );

  expect(pocs).toMatchObject([{ attempts: 2, source: "assert 1 == 2\n" }]);
  expect(asked[1]?.messages[0]?.content).toContain("a second run on the unpatched tree ended differently");
});

test("an asserting script that passes on the unpatched tree is fed back with the reason", async () => {
  const { failed, asked } = await chainsOf(
    { "poc-asserting": [[...once(script), ...once(script)]] },
    { "poc/asserting-1/0": exited(0, "all fine"), "poc/asserting-1/1": exited(0) },
  );

  expect(failed).toMatchObject([{ id: "asserting-1" }]);
  expect(asked[1]?.messages[0]?.content).toContain("all fine");
  expect(asked[1]?.messages[0]?.content).toContain("the script must fail on the unpatched tree");
});

test("a chain goes on after garbage, an empty, a cut-off and a failed answer", async () => {
  const { pocs, asked } = await chainsOf({
    "poc-asserting": [
      [
        ...once("I cannot do that."),
        ...once("", { fault: "empty" }),
        ...once(script, { finish: "length" }),
        ...once(script),
      ],
    ],
  });

  expect(asked.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
  expect(pocs).toMatchObject([{ attempts: 4 }]);
});

test("a chain gives up after the profile's attempts and says why", async () => {
  const { failed, sandbox } = await chainsOf({
    "poc-asserting": [once("", { fault: "huge" })],
  });

  expect(failed).toMatchObject([{ attempts: 4, faulty: true, reason: expect.stringMatching(/recorded/) }]);
  expect(sandbox.jobs).toEqual([]);
});

test("a chain tells whether its last script failed by a fault of its own", async () => {
  const replies = { "poc-asserting": [once(script)] };
  const passed = { "poc/asserting-1/0": exited(0) };
  const ends = async (change: Partial<Language> = {}) => (await chainsOf(replies, passed, change)).failed;

  expect(await ends({ pocBroken: () => "it does not parse" })).toMatchObject([{ faulty: true }]);
  expect(await ends()).toEqual([expect.not.objectContaining({ faulty: true })]);
});

test("a script that hangs proves nothing", async () => {
  const hung: ExecutionOutcome = {
    kind: "timed-out",
    durationMs: 30_000,
    stdout: "",
    stderr: "",
    cut: false,
    report: null,
  };
  const { pocs, failed } = await chainsOf({ "poc-asserting": [once(script)] }, { "poc/asserting-1/0": hung });

  expect(pocs).toEqual([]);
  expect(failed).toHaveLength(1);
});

test.each([
  ["yes", 1],
  ["no", 0],
  ["perhaps", 0],
])("a printing script whose output the judge calls %j gives %i scripts", async (word, count) => {
  const { pocs } = await chainsOf(
    { "poc-printing": [once(script)], "judge-poc": [[...once(judgement(word)), ...once(judgement(word))]] },
    (command) => atItsEnd(command, exited(0, "0")),
  );

  expect(pocs).toHaveLength(count);
});

describe("a script whose process something else ends", () => {
  test("is written anew, and told to come to its own end", async () => {
    const { pocs, asked } = await chainsOf(
      { "poc-asserting": [[...once(script), ...once(scriptAnswer("assert 1 == 2"))]] },
      (command, job) => (job.label === "poc/asserting-1/0" ? exited(1) : atItsEnd(command, exited(1))),
    );

    expect(pocs).toMatchObject([{ attempts: 2, source: "assert 1 == 2\n", reachedEnd: true }]);
    expect(asked[1]?.messages[0]?.content).toContain("the script did not come to its own end");
  });

  test.each([0, 1])("with exit status %i each time is no evidence", async (status) => {
    const { pocs, failed } = await chainsOf({ "poc-printing": [[...once(script), ...once(script)]] }, () =>
      exited(status, "0"),
    );

    expect(pocs).toEqual([]);
    expect(failed).toMatchObject([{ id: "printing-1" }]);
  });

  test("by a crash may show the issue, and is not held to an end that it never had", async () => {
    const { pocs } = await chainsOf({ "poc-asserting": [once(script)] }, () => exited(139));

    expect(pocs).toMatchObject([{ attempts: 1, reachedEnd: false }]);
  });
});

describe("a script that is compiled first", () => {
  const compiled: Language["poc"] = ({ nonce }) => ({
    files: [],
    build: { script: "compile", input: "", timeoutMs: 240_000 },
    script: "start",
    report: "end",
    input: nonce,
  });
  const answer =
    (build: ExecutionOutcome): Answer =>
    (command) =>
      command.script.endsWith("compile") ? build : atItsEnd(command, exited(1));

  test("has a limit of its own for that, and is judged by its run", async () => {
    const { pocs, sandbox } = await chainsOf({ "poc-asserting": [once(script)] }, answer(exited(0)), {
      poc: compiled,
    });

    expect(sandbox.jobs[0]?.commands.map(({ timeoutMs }) => timeoutMs)).toEqual([240_000, 30_000]);
    expect(pocs).toMatchObject([{ baseline: { exitCode: 1 }, reachedEnd: true }]);
  });

  test("is judged by the compiler when that fails", async () => {
    const { pocs, asked } = await chainsOf(
      { "poc-asserting": [[...once(script), ...once(script)]] },
      answer(exited(2, "no such package")),
      { poc: compiled },
    );

    expect(pocs).toEqual([]);
    expect(asked[1]?.messages[0]?.content).toContain("no such package");
  });
});
