import { afterEach, describe, expect, test } from "vitest";
import type { InferenceClient, SampleRequest } from "../../src/ports/inference-client.ts";
import type { Fault, RecordedReplies } from "../../src/simulator/replies.ts";
import { roles } from "../../src/domain/transcript.ts";
import { sampleRequest } from "../fakes/sample-requests.ts";
import { groupReplies, inferenceGroupContract, sixtyCandidates } from "./inference-groups.ts";

export type Subject = { readonly client: InferenceClient; stop(): Promise<void> };

const words = "the answer is in parcel.py ".repeat(200);

const replies: RecordedReplies = {
  origin: "written for the contract suite",
  replies: {
    "localize-files": [
      [{ text: "<think>\nhm\n</think>\n\n```\nsrc/parcel.py\n```" }],
      [{ text: "no reasoning at all" }],
      [{ text: "<think>\nand then I thought", finish: "length" }],
      [{ text: `<think>${words}</think>${words}` }],
      [{ text: "ünïcode 漢字 🧪 </think> 🧪" }],
    ],
    "localize-lines": Array.from({ length: 30 }, (_, index) => [{ text: `lines ${index}`, delayMs: 30 }]),
    "poc-asserting": [[{ text: "first" }, { text: "second" }], [{ text: "late", delayMs: 60_000 }]],
    "poc-printing": [
      [{ text: "cut after a while", finish: "length" }],
      [{ text: "after trouble", fault: "drop-midway", faultTimes: 2 }],
      [{ text: "after the queue", fault: "overload-503", faultTimes: 2 }],
      [{ text: "after a crash", fault: "http-500", faultTimes: 1 }],
      [{ text: "never", fault: "empty" }],
    ],
    ...groupReplies,
    critique: (
      [
        "garbage-json",
        "drop-midway",
        "endless",
        "huge",
        "http-500",
        "overload-503",
        "overflow-400",
        "hang",
        "http-401",
      ] as const
    ).map((fault) => [{ text: "half of this", fault }]),
  },
  judges: {
    "judge-fix": [
      { when: ["AssertionError", "after the patch"], reply: { text: "<judgement> No </judgement>" } },
      { when: ["after the patch"], reply: { text: "<judgement> Yes </judgement>" } },
    ],
  },
};

const faultAt = (fault: Fault): number =>
  replies.replies.critique?.findIndex(([reply]) => reply?.fault === fault) ?? -1;

/** What every InferenceClient does. The subject must answer from the recordings it is given, with short time limits. */
export function inferenceClientContract(
  name: string,
  makeSubject: (replies: RecordedReplies) => Promise<Subject>,
): void {
  describe(`${name} as an InferenceClient`, () => {
    let subject: Subject | null = null;
    const client = async (): Promise<InferenceClient> => {
      subject = await makeSubject(replies);
      return subject.client;
    };
    afterEach(async () => {
      await subject?.stop();
      subject = null;
    });
    const ask = async (request: Partial<SampleRequest>, signal = new AbortController().signal) =>
      (await client()).sample(sampleRequest(request), signal);

    test("separates reasoning and answer", async () => {
      const outcome = await ask({ stage: "localize-files", index: 0 });

      expect(outcome).toMatchObject({
        kind: "completed",
        completion: { text: "```\nsrc/parcel.py\n```", reasoning: "hm", finish: "stop" },
      });
    });

    test.each([
      ["takes an answer without reasoning whole", 1, "no reasoning at all", "stop"],
      ["gives no text when the reasoning never ended", 2, "", "length"],
      ["brings long answers back complete", 3, words.trim(), "stop"],
      ["keeps characters beyond ASCII", 4, "🧪", "stop"],
    ])("%s", async (_title, index, text, finish) => {
      expect(await ask({ stage: "localize-files", index })).toMatchObject({ completion: { text, finish } });
    });

    test("says when the answer was cut", async () => {
      expect(await ask({ stage: "poc-printing", index: 0 })).toMatchObject({
        completion: { finish: "length" },
      });
    });

    test("completes with an empty text when the model says nothing", async () => {
      expect(await ask({ stage: "poc-printing", index: 4 })).toMatchObject({
        kind: "completed",
        completion: { text: "" },
      });
    });

    test("counts tokens and names the model", async () => {
      const subject = await client();
      const outcome = await subject.sample(
        sampleRequest({ stage: "localize-files" }),
        new AbortController().signal,
      );

      expect(outcome).toMatchObject({ completion: { model: subject.model("loc-gen") } });
      if (outcome.kind !== "completed") throw new Error("expected an answer");
      expect(outcome.completion.usage.prompt).toBeGreaterThan(0);
      expect(outcome.completion.usage.completion).toBeGreaterThan(5);
    });

    test("gives sixty concurrent samples each their own answer", async () => {
      const subject = await client();
      const { signal } = new AbortController();

      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          subject.sample(sampleRequest({ stage: "generate", index }), signal),
        ),
      );

      expect(
        outcomes.map((outcome) => (outcome.kind === "completed" ? outcome.completion.text : outcome)),
      ).toEqual(sixtyCandidates);
    });

    inferenceGroupContract(client);

    test("lets many samples wait on one signal without a warning of a leak", async () => {
      const warnings: string[] = [];
      const note = ({ name }: Error) => void warnings.push(name);
      process.on("warning", note);
      const { signal } = new AbortController();
      const asked = await client();

      await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          asked.sample(sampleRequest({ stage: "localize-lines", index }), signal),
        ),
      );

      await new Promise((resolve) => setImmediate(resolve));
      process.off("warning", note);
      expect(warnings).toEqual([]);
    });

    test("answers a later attempt of the same sample differently", async () => {
      expect(await ask({ stage: "poc-asserting", attempt: 1 })).toMatchObject({
        completion: { text: "second" },
      });
    });

    test("lets the last user message choose a judgement", async () => {
      const judged = async (output: string) =>
        ask({
          stage: "judge-fix",
          messages: [
            { role: "user", content: "AssertionError after the patch" },
            { role: "assistant", content: "ok" },
            { role: "user", content: output },
          ],
        });

      expect(await judged("AssertionError after the patch")).toMatchObject({
        completion: { text: "<judgement> No </judgement>" },
      });
      expect(await judged("fine after the patch")).toMatchObject({
        completion: { text: "<judgement> Yes </judgement>" },
      });
    });

    test("names the sample that was never recorded", async () => {
      const outcome = await ask({ stage: "generate", index: 60, attempt: 3 });

      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "protocol" } });
      expect(outcome.kind === "failed" && outcome.failure.detail).toContain("generate/60/3");
    });

    test.each([
      ["garbage-json", "protocol"],
      ["drop-midway", "transport"],
      ["endless", "too-long"],
      ["huge", "too-long"],
      ["http-500", "server"],
      ["overload-503", "overload"],
      ["overflow-400", "overflow"],
      ["hang", "deadline"],
    ] as const)("turns a server's %s into the failure %s", async (fault, reason) => {
      expect(await ask({ stage: "critique", index: faultAt(fault) })).toMatchObject({
        kind: "failed",
        failure: { reason },
      });
    });

    test.each([
      ["a broken connection", 1, "after trouble"],
      ["a full queue", 2, "after the queue"],
      ["a crashed request", 3, "after a crash"],
    ])("tries again after %s", async (_what, index, text) => {
      expect(await ask({ stage: "poc-printing", index })).toMatchObject({ completion: { text } });
    });

    test("stops everything when the server does not know its key", async () => {
      await expect(ask({ stage: "critique", index: faultAt("http-401") })).rejects.toMatchObject({
        code: "inference-misconfigured",
      });
    });

    test("throws at once when it was cancelled before", async () => {
      await expect(ask({ stage: "localize-files" }, AbortSignal.abort())).rejects.toMatchObject({
        code: "cancelled",
      });
    });

    test("throws soon when it is cancelled while the model works", async () => {
      const controller = new AbortController();
      const started = performance.now();
      setTimeout(() => controller.abort(), 50);

      await expect(ask({ stage: "poc-asserting", index: 1 }, controller.signal)).rejects.toMatchObject({
        code: "cancelled",
      });
      expect(performance.now() - started).toBeLessThan(1_000);
    });

    test("knows the window and finds every role served", async () => {
      const subject = await client();
      const { signal } = new AbortController();

      expect(await subject.window("val-assert", signal)).toBe(32_768);
      expect((await subject.check(signal)).map(({ role, ok }) => ({ role, ok }))).toEqual(
        roles.map((role) => ({ role, ok: true })),
      );
    });
  });
}
