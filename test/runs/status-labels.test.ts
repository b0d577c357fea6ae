import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { RepairError } from "../../src/domain/errors.ts";
import type { RepairRun } from "../../src/domain/run.ts";
import type { Forges } from "../../src/ports/forge.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { paintingRuns } from "../../src/runs/painting-runs.ts";
import { createLabelPainter, isOptedOut } from "../../src/runs/status-labels.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRecordStore } from "../fakes/memory-record-store.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

/** A painter whose forge counts what it is asked for and can be held up. */
function world() {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
  });
  const painted: string[] = [];
  const gate = { hold: Promise.resolve() };
  const forges: Forges = {
    forInstallation: () => ({
      ...forge,
      async paintLabel(ref, wanted, family) {
        painted.push(`${ref.number} ${wanted?.name ?? "none"}`);
        await gate.hold;
        await forge.paintLabel(ref, wanted, family);
      },
    }),
  };
  const logger = createSilentLogger();
  const stored = createMemoryRunStore(createMemoryJobQueue());
  const painter = createLabelPainter({ runs: stored, forges, logger });
  const runs = paintingRuns(stored, createMemoryRecordStore(stored), painter.paint);
  return { forge, painted, gate, logger, painter, runs };
}

/** A run that has opened the pull request 31. */
async function proposedRun(runs: RunStore): Promise<RepairRun> {
  await runs.request(makeRunRequest(8), policy);
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new RangeError("a run waits");
  const state = { at: "proposed", pullRequest: 31, url: "https://forge/31" } as const;
  return runs.advance(claim, { kind: "ended", state });
}

test("what happens while an issue waits for its turn is painted once", async () => {
  const { runs, painter, painted, gate } = world();
  let letGo = (): void => {};
  gate.hold = new Promise((resolve) => {
    letGo = resolve;
  });
  await runs.request(makeRunRequest(1), policy);
  await runs.request(makeRunRequest(2), policy);
  for (let left = 2; left > 0; left--) {
    const claim = await runs.claim("worker-1", unlimited);
    if (claim === null) throw new RangeError("a run waits");
    await runs.advance(claim, { kind: "ended", state: { at: "failed", code: "internal" } });
  }

  letGo();
  await painter.settled();

  expect(painted.filter((one) => one.startsWith("2 "))).toEqual(["2 copatcher: failed"]);
  expect(painted.at(-1)).toContain("failed");
  expect(painted.length).toBeLessThanOrEqual(4);
});

test("a forge that is down costs no run, and the next move is painted", async () => {
  const { runs, painter, forge, logger } = world();
  forge.breakDown("paintLabel", new RepairError("forge-rejected", "GitHub answered 403"));
  const request = makeRunRequest(3);
  await runs.request(request, policy);
  await painter.settled();
  expect(logger.lines.map(({ text }) => text)).toContain("an issue's label was not painted");

  forge.breakDown("paintLabel", null);
  await runs.claim("worker-1", unlimited);
  await painter.settled();

  expect(await forge.labels(request.issue.ref)).toEqual(["copatcher: running"]);
});

test("a run of another kind paints nothing, and does not hide the end of the repair before it", async () => {
  const { runs, painter, forge, painted } = world();
  const request = makeRunRequest(4);
  await runs.request({ ...request, kind: "environment-check" }, policy);
  await painter.settled();
  expect(painted).toEqual([]);

  await runs.requestCancel("run-1", "hubot");
  await runs.request({ ...request, trigger: { ...request.trigger, delivery: "d2" } }, policy);
  await runs.requestCancel("run-2", "hubot");
  await painter.settled();

  expect(await forge.labels(request.issue.ref)).toEqual([]);
});

test("the newest repair counts, whichever run moved last", async () => {
  const { runs, painter, forge } = world();
  const request = makeRunRequest(7);
  await runs.request(request, policy);
  await runs.requestCancel("run-1", "hubot");
  await runs.request({ ...request, trigger: { ...request.trigger, delivery: "d2" } }, policy);
  await painter.settled();

  const first = await runs.run("run-1");
  if (first !== null) painter.paint(first);
  await painter.settled();

  expect(await forge.labels(request.issue.ref)).toEqual(["copatcher: queued"]);
});

test("a closed pull request is painted on its issue, however many runs came after its own", async () => {
  const { runs, painter, forge } = world();
  const { ref } = (await proposedRun(runs)).issue;
  for (let newer = 0; newer < 500; newer++) await runs.request(makeRunRequest(1_000 + newer), policy);
  await painter.settled();
  expect(await forge.labels(ref)).toEqual(["copatcher: pr-open"]);

  await runs.notePullRequest(ref.repo, 31, false);
  await painter.settled();

  expect(await forge.labels(ref)).toEqual([]);
});

test("what people did with a pull request is noted, though its run cannot be read", async () => {
  const stored = createMemoryRunStore(createMemoryJobQueue());
  const { issue } = await proposedRun(stored);
  const strange = new RepairError("store-unavailable", "The stored run is not one this version can read.");
  const unreadable = { ...stored, run: () => Promise.reject(strange) };
  const runs = paintingRuns(unreadable, createMemoryRecordStore(stored), () => undefined);

  await runs.notePullRequest(issue.ref.repo, 31, false);

  expect(await runs.openPullRequests(9)).toEqual([]);
});

test("nothing is begun any more once it is stopped", async () => {
  const { runs, painter, painted } = world();
  await painter.stop();

  await runs.request(makeRunRequest(5), policy);
  await painter.settled();

  expect(painted).toEqual([]);
});

test.each([
  [["bug", "Copatcher: Ignore"], true],
  [["bug", "copatcher: ignored"], false],
  [[], false],
])("an issue with %j is left alone: %s", async (labels, ignored) => {
  const ref = { repo: { owner: "octo", name: "parcels" }, number: 6 };

  expect(await isOptedOut({ labels: () => Promise.resolve(labels) }, ref, "copatcher: ignore")).toBe(ignored);
});
