import { expect, test } from "vitest";
import type { ProgressEvent } from "../../src/ports/progress.ts";
import { stagesOf } from "../../src/report/issue-comment.ts";
import { createStageClock } from "../../src/runs/stage-clock.ts";

/** How long each stage has taken when somebody looks, after these events; all times in seconds. */
function times(look: number, ...events: readonly (readonly [at: number, event: ProgressEvent])[]) {
  const clock = createStageClock(stagesOf("repair"));
  for (const [at, event] of events) clock.heard(event, at * 1000);
  return Object.fromEntries(
    clock.news(look * 1000).map(({ stage, took }) => [stage, [took?.seconds, took?.ended ?? false]]),
  );
}
const counted = (stage: ProgressEvent["stage"], done: number): ProgressEvent => ({
  stage,
  text: "",
  done,
  total: 4,
});

test("a stage that counts has ended when all is done, and takes time until then", () => {
  expect(times(90, [0, counted("localize", 0)], [80, counted("localize", 4)])).toEqual({
    localize: [80, true],
  });
  expect(times(90, [0, counted("localize", 0)], [80, counted("localize", 3)])).toEqual({
    localize: [90, false],
  });
});

test("a stage that does not count has ended when a later one began", () => {
  const [checkout, environment] = [
    { stage: "checkout", text: "" },
    { stage: "environment", text: "" },
  ] as const;

  expect(times(90, [0, checkout], [20, environment])).toEqual({
    checkout: [20, true],
    environment: [70, false],
  });
});

test("stages beside each other do not end one another", () => {
  const tests = { stage: "validate", text: "running the tests on the unpatched tree" } as const;

  expect(times(60, [0, tests], [10, counted("generate", 0)], [30, counted("generate", 1)])).toEqual({
    validate: [60, false],
    generate: [50, false],
  });
});

test("a stage that comes again goes on", () => {
  const again = { stage: "generate", text: "telling the model what failed" } as const;

  expect(times(60, [0, counted("generate", 0)], [20, counted("generate", 4)], [50, again])).toEqual({
    generate: [60, false],
  });
});

test("a clock that was set back makes no time negative", () => {
  expect(times(5, [10, counted("localize", 0)])).toEqual({ localize: [0, false] });
});
