import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { isLive } from "../../src/domain/run.ts";
import { deliveryWorld } from "./delivery-world.ts";
import { aboutPull, commented, labeled } from "./payloads.ts";

const labelled = (updated_at: string) => {
  const { issue, ...rest } = labeled();
  return { ...rest, issue: { ...issue, updated_at } };
};

const said = (body: string, created_at: string, id: number) => {
  const { comment, ...rest } = commented(body);
  return { ...rest, comment: { ...comment, id, created_at } };
};

const time = (seconds: number): string => new Date(Date.UTC(2026, 0, 2, 10, 0, seconds)).toISOString();
const cancel = (seconds: number, id: number) => said("/copatcher cancel", time(seconds), id);
const fix = (seconds: number, id: number) => said("/copatcher fix", time(seconds), id);

test.each(["cancel", "stop"])(
  "a %s that is handled once more is not for the run asked for since",
  async (verb) => {
    const { runs, deliver } = deliveryWorld();
    await deliver("d1", "issues", labelled(time(0)));
    const order = said(`/copatcher ${verb}`, time(60), 100);
    await deliver("d2", "issue_comment", order);
    await deliver("d3", "issue_comment", fix(120, 101));

    await deliver("d2", "issue_comment", order);

    expect((await runs.recent(9)).map(({ state }) => state.at)).toEqual(["queued", "cancelled"]);
  },
);

test("a delivery that was handled is handled no more", async () => {
  const { deliver, forges } = deliveryWorld();
  await deliver("d1", "issue_comment", commented("/copatcher help"));
  const before = forges.comments.length;
  forges.comments.length = 0;

  await deliver("d1", "issue_comment", commented("/copatcher help"));

  expect([before, forges.comments.length]).toEqual([1, 0]);
});

test("a cancel that GitHub delivers late is not for the run asked for since, and says nothing wrong", async () => {
  const { runs, deliver, forges } = deliveryWorld();
  await deliver("d1", "issues", labelled(time(0)));
  await deliver("d3", "issue_comment", cancel(120, 101));
  await deliver("d4", "issue_comment", fix(180, 102));
  const comments = forges.comments.length;

  await deliver("d2", "issue_comment", cancel(60, 100));

  expect((await runs.recent(9)).map(({ state }) => state.at)).toEqual(["queued", "cancelled"]);
  expect(forges.comments).toHaveLength(comments);
});

test.each([
  ["after the run's comment", 101, "cancelled"],
  ["before the run's comment", 99, "queued"],
])("in one second the numbers of comments tell: a cancel %s", async (_, id, at) => {
  const { runs, deliver } = deliveryWorld();
  await deliver("d1", "issue_comment", fix(0, 100));

  await deliver("d2", "issue_comment", cancel(0, id));

  expect((await runs.recent(9)).map(({ state }) => state.at)).toEqual([at]);
});

test("a label in the second of the cancel came before it", async () => {
  const { runs, deliver } = deliveryWorld();
  await deliver("d1", "issues", labelled(time(0)));

  await deliver("d2", "issue_comment", cancel(0, 100));

  expect((await runs.recent(9)).some(({ state }) => isLive(state))).toBe(false);
});

test("a pull request that was opened again is not closed by its closing, told late", async () => {
  const { runs, deliver } = deliveryWorld();
  await deliver("d1", "issues", labelled(time(0)));
  const claim = await runs.claim("worker-1", unlimited);
  if (claim === null) throw new Error("no run was to be had");
  const state = { at: "proposed", pullRequest: 40, url: "https://example.test/pull/40" } as const;
  await runs.advance(claim, { kind: "ended", state });
  const closedAt = (closed_at: string) => {
    const payload = aboutPull("closed");
    return { ...payload, pull_request: { ...payload.pull_request, closed_at } };
  };
  const reopened = aboutPull("reopened");
  const open = async () => (await runs.openPullRequests(9)).map(({ number }) => number);

  await deliver("d2", "pull_request", {
    ...reopened,
    pull_request: { ...reopened.pull_request, updated_at: time(120) },
  });
  await deliver("d3", "pull_request", closedAt(time(60)));
  const afterLate = await open();
  await deliver("d4", "pull_request", closedAt(time(180)));

  expect([afterLate, await open()]).toEqual([[40], []]);
});
