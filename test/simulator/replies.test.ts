import { expect, test } from "vitest";
import { createFaultCounter, findReply, parseReplies, recordedCounts } from "../../src/simulator/replies.ts";
import type { RecordedReplies } from "../../src/simulator/replies.ts";

const recorded: RecordedReplies = {
  origin: "test",
  replies: {
    generate: [[{ text: "a" }], [{ text: "b" }, { text: "c" }]],
    "judge-fix": [[{ text: "fallback" }]],
  },
  judges: { "judge-fix": [{ when: ["boom"], reply: { text: "No" } }] },
};
const ask = (stage: string, index: number, attempt: number, content = "") =>
  findReply(recorded, { stage, index, attempt }, [{ role: "user", content }])?.text ?? null;

test.each([
  ["generate", 1, 1, "c"],
  ["generate", 1, 2, null],
  ["generate", 2, 0, null],
  ["critique", 0, 0, null],
  ["no-such-stage", 0, 0, null],
])("answers %s/%i/%i with %s", (stage, index, attempt, text) => {
  expect(ask(stage, index, attempt)).toBe(text);
});

test("prefers a judge rule and falls back to the list", () => {
  expect(ask("judge-fix", 0, 0, "it went boom")).toBe("No");
  expect(ask("judge-fix", 0, 0, "it went well")).toBe("fallback");
});

test("counts the samples of each stage", () => {
  expect(recordedCounts(recorded)).toMatchObject({ generate: 2, "judge-fix": 1, critique: 0 });
});

test("lets a fault pass after its number of times, for each sample apart", () => {
  const faultOf = createFaultCounter();
  const reply = { text: "", fault: "http-500", faultTimes: 1 } as const;
  const name = { stage: "generate", index: 0, attempt: 0 };

  expect([faultOf(name, reply), faultOf(name, reply), faultOf({ ...name, index: 1 }, reply)]).toEqual([
    "http-500",
    null,
    "http-500",
  ]);
});

test("reads its own JSON", () => {
  expect(parseReplies(JSON.stringify(recorded), "replies.json")).toEqual(recorded);
});

test.each([
  ["text that is not JSON", "{", /replies\.json is not JSON/],
  ["another shape", "[]", /replies\.json is not a replies file/],
  ["an unknown stage", '{"origin":"x","replies":{"genrate":[]}}', /genrate/],
  ["an unknown fault", '{"origin":"x","replies":{"generate":[[{"text":"","fault":"gone"}]]}}', /fault/],
])("refuses %s, naming the file", (_what, json, message) => {
  expect(() => parseReplies(json, "replies.json")).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringMatching(message) }),
  );
});
