import { beforeEach, describe, expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Issue } from "../../src/domain/issue.ts";
import type { AppForge, DeliveryAttempt, Labelling } from "../../src/ports/app-forge.ts";
import { dueDeliveries } from "../../src/runs/due-deliveries.ts";
import { createReconciler, type Swept } from "../../src/runs/reconcile.ts";
import { createFixedClock, type FixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore, type MemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger, type SilentLogger } from "../fakes/silent-logger.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

const minute = 60_000;
const start = Date.UTC(2026, 0, 1);
const repo = { owner: "octo", name: "parcels" };
const issue: Issue = { ref: { repo, number: 3 }, title: "Bug", body: "It breaks", author: "rita" };
const events = new Set(["issues.labeled", "issue_comment.created", "check_run.completed"]);

const attempt = (delivery: string, fields: Partial<DeliveryAttempt> = {}): DeliveryAttempt => ({
  id: `a-${delivery}`,
  delivery,
  event: "issues.labeled",
  time: start - 60 * minute,
  ok: false,
  installation: 7,
  repository: 1,
  ...fields,
});

const labelling = (fields: Partial<Labelling> = {}): Labelling => ({
  id: "51",
  label: "copatcher",
  actor: { login: "wanda", bot: false },
  time: start - 10 * minute,
  ...fields,
});

describe("the look for what was lost", () => {
  let clock: FixedClock;
  let runs: MemoryRunStore;
  let logger: SilentLogger;
  let asked: string[];
  let world: { attempts: DeliveryAttempt[]; labelled: Issue[]; labelling: Labelling | null };
  let broken: Partial<AppForge>;
  let sweep: () => Promise<Swept>;
  beforeEach(() => {
    clock = createFixedClock(start);
    runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
    logger = createSilentLogger();
    asked = [];
    world = { attempts: [], labelled: [], labelling: null };
    broken = {};
    const app = (): AppForge => ({
      registration: async () => ({ slug: "copatcher", permissions: {}, events: [] }),
      attempts: async () => world.attempts,
      redeliver: async (id) => void asked.push(id),
      installations: async () => [7],
      repositories: async () => [{ id: 1, repo, openIssues: 1 }],
      labelled: async () => world.labelled,
      labelling: async () => world.labelling,
      isPullRequestOpen: async () => true,
      ...broken,
    });
    sweep = () =>
      createReconciler({
        app: app(),
        runs,
        clock,
        logger,
        labelOf: async () => "copatcher",
        events,
        windowDays: 3,
      })();
  });

  test("asks again for what nobody took, once per delivery", async () => {
    await runs.receive({ id: "known", event: "issues", payload: {} });
    world.attempts = [
      attempt("lost"),
      attempt("late", { id: "a1" }),
      attempt("late", { id: "a2", ok: true }),
      attempt("known"),
      attempt("other", { event: "issues.pinned" }),
    ];

    const swept = await sweep();

    expect(asked).toEqual(["a-lost"]);
    expect(swept).toEqual({ redelivered: ["lost"], found: [] });
  });

  test("asks for fifty at most in one go, the oldest first", async () => {
    world.attempts = Array.from({ length: 60 }, (_, index) =>
      attempt(`d${index}`, { time: start - (60 + index) * minute }),
    );

    await sweep();

    expect(asked).toHaveLength(50);
    expect(asked[0]).toBe("a-d59");
  });

  test("asks for what a person waits for first, though much else has failed before it", async () => {
    const checks = Array.from({ length: 60 }, (_, index) =>
      attempt(`check${index}`, { event: "check_run.completed", time: start - (100 + index) * minute }),
    );
    world.attempts = [...checks, attempt("comment", { event: "issue_comment.created" })];

    await sweep();

    expect(asked).toHaveLength(50);
    expect(asked.slice(0, 2)).toEqual(["a-comment", "a-check59"]);
  });

  test("takes a label without a run for a request of who set it", async () => {
    world.labelled = [issue];
    world.labelling = labelling();

    const [first, second] = [await sweep(), await sweep()];

    expect([first.found, second.found]).toEqual([["octo/parcels#3"], []]);
    expect(await runs.delivery("label-event-51")).toEqual({
      id: "label-event-51",
      event: "copatcher-label",
      payload: {
        action: "found",
        installation: { id: 7 },
        repository: { full_name: "octo/parcels" },
        issue: { number: 3, ...issue },
        sender: "wanda",
        label: "copatcher",
        at: new Date(labelling().time).toISOString(),
      },
    });
  });

  test.each([
    ["a bot set", labelling({ actor: { login: "x[bot]", bot: true } })],
    ["is a minute old", labelling({ time: start - minute })],
    ["is eight days old", labelling({ time: start - 8 * 24 * 60 * minute })],
    ["has no history", null],
  ])("leaves a label alone that %s", async (_title, found) => {
    world.labelled = [issue];
    world.labelling = found;

    expect((await sweep()).found).toEqual([]);
  });

  test("leaves a label alone that could only not be taken off: its run is there", async () => {
    clock.advance(0);
    await runs.request({ ...makeRunRequest(3), issue }, policy);
    world.labelled = [issue];
    world.labelling = labelling({ time: start - 10 * minute });

    expect((await sweep()).found).toEqual([]);
  });

  test("does not count a run from before the label", async () => {
    await runs.request({ ...makeRunRequest(3), issue }, policy);
    clock.advance(60 * minute);
    world.labelled = [issue];
    world.labelling = labelling({ time: start + 10 * minute });

    expect((await sweep()).found).toEqual(["octo/parcels#3"]);
  });

  test("waits with the labels of an installation to which a label is delivered again", async () => {
    world = { attempts: [attempt("lost")], labelled: [issue], labelling: labelling() };

    expect(await sweep()).toEqual({ redelivered: ["lost"], found: [] });
  });

  test("looks at the labels of an installation to which only other things are delivered again", async () => {
    const check = attempt("check", { event: "check_run.completed" });
    world = { attempts: [check], labelled: [issue], labelling: labelling() };

    expect(await sweep()).toEqual({ redelivered: ["check"], found: ["octo/parcels#3"] });
  });

  test("knows the lost delivery when it comes after its label was found", async () => {
    const time = start - 10 * minute;
    const tries = [time + 1_000, start - minute].map((at, index) =>
      attempt("lost", { id: `a${index}`, time: at }),
    );
    world = { attempts: tries, labelled: [issue], labelling: labelling({ time }) };

    await sweep();

    expect(await runs.receive({ id: "lost", event: "issues", payload: {} })).toBe("duplicate");
  });

  test("ends early when the forge asks for a pause, and says so", async () => {
    const pause = new RepairError("forge-unavailable", "slow down", {
      data: { status: 403, retryAfter: 60 },
    });
    world.attempts = [attempt("one"), attempt("two")];
    broken = { redeliver: (id) => (asked.push(id), Promise.reject(pause)) };

    const swept = await sweep();

    expect(asked).toHaveLength(1);
    expect(swept).toEqual({ redelivered: [], found: [] });
    expect(logger.lines.at(-1)).toMatchObject({
      level: "warn",
      text: expect.stringContaining("ended early"),
    });
  });

  test("goes on with the others when one is refused", async () => {
    const gone = new RepairError("forge-rejected", "Not Found", { data: { status: 404 } });
    world.attempts = [attempt("one", { time: start - 70 * minute }), attempt("two")];
    broken = {
      redeliver: (id) => (asked.push(id), id === "a-one" ? Promise.reject(gone) : Promise.resolve()),
    };

    expect((await sweep()).redelivered).toEqual(["two"]);
  });
});

test.each([
  [1, 0, true],
  [2, 4, false],
  [2, 5, true],
  [4, 19, false],
  [4, 20, true],
  [30, 359, false],
  [30, 360, true],
])("after %d attempts the next one may come %d minutes after the last: %s", (count, minutes, due) => {
  const tries = Array.from({ length: count }, (_, index) =>
    attempt("lost", { id: `a${index}`, time: start - minutes * minute - index * minute }),
  );

  expect(dueDeliveries(tries, events, start).map(({ id }) => id)).toEqual(due ? ["a0"] : []);
});
