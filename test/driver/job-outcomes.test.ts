import { describe, expect, test } from "vitest";
import type { Frame } from "../../src/driver/frames.ts";
import { jobOutcomes } from "../../src/driver/job-outcomes.ts";
import type { SandboxJob } from "../../src/ports/sandbox.ts";

const job = (commands: number): SandboxJob => ({
  label: "job",
  files: [],
  commands: Array.from({ length: commands }, () => ({ script: "true", timeoutMs: 2000, report: null })),
});

const frame = (change: Partial<Frame> = {}): Frame => ({
  exitCode: 0,
  durationMs: 10,
  memoryKills: 0,
  stdout: "",
  stderr: "",
  cut: false,
  report: null,
  ...change,
});

const complete = { kind: "complete", reason: "" } as const;

describe("the outcome of a command", () => {
  test.each([
    ["exited when it was killed before its limit", { exitCode: 137, durationMs: 500 }, "exited"],
    ["timed-out when it was killed at its limit", { exitCode: 137, durationMs: 2000 }, "timed-out"],
    ["exited when it just took as long as its limit", { exitCode: 1, durationMs: 2010 }, "exited"],
    ["out-of-memory when the kernel killed in it", { exitCode: 137, memoryKills: 1 }, "out-of-memory"],
    ["exited when it survived the kernel's killing", { exitCode: 0, memoryKills: 1 }, "exited"],
  ])("is %s", (_, change, kind) => {
    const outcomes = jobOutcomes(job(1), { frames: [frame(change)], end: complete }, "by-itself", 0);

    expect(outcomes).toMatchObject([{ kind }]);
  });

  test("is the sandbox's end for the command in flight, and not-started after it", () => {
    const outcomes = jobOutcomes(job(3), { frames: [frame()], end: null }, "out-of-memory", 0);

    expect(outcomes?.map(({ kind }) => kind)).toEqual(["exited", "out-of-memory", "not-started"]);
  });

  test("lasted from the end of the one before it to the end of the sandbox", () => {
    const reply = { frames: [frame({ durationMs: 400 })], end: null };

    expect(jobOutcomes(job(2), reply, "deadline", 9000)).toMatchObject([
      { durationMs: 400 },
      { kind: "timed-out", durationMs: 8600 },
    ]);
  });

  test("is unknown when the sandbox ended by itself without an answer", () => {
    expect(jobOutcomes(job(2), { frames: [frame()], end: null }, "by-itself", 0)).toBeNull();
  });

  test("is unknown when the machinery says that it is broken", () => {
    const end = { kind: "broken", reason: "lacks tar" } as const;

    expect(jobOutcomes(job(1), { frames: [], end }, "by-itself", 0)).toBeNull();
  });

  test("is unknown when an answer lacks a command", () => {
    expect(jobOutcomes(job(2), { frames: [frame()], end: complete }, "by-itself", 0)).toBeNull();
  });
});
