import { expect, test } from "vitest";
import { handleDelivery } from "../../src/github-app/handle-delivery.ts";
import type { Permission } from "../../src/ports/forge.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { commented, labeled } from "./payloads.ts";

function world(permissions: Record<string, Permission> = { maria: "write", jonas: "read" }) {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const forges = createRecordingForge({
    issues: [],
    branch: { name: "main", sha: "a".repeat(40) },
    source: { kind: "local", directory: "unused" },
    permissions,
  });
  const deps = { runs, forges, logger: createSilentLogger() };
  return {
    runs,
    forges,
    async deliver(id: string, event: string, payload: unknown): Promise<void> {
      await runs.receive({ id, event, payload });
      await handleDelivery(deps, id);
    },
  };
}

test("a label by someone with write access starts a run with the issue as it is in the event", async () => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issues", labeled());

  const [run] = await runs.recent(10);
  expect(run).toMatchObject({
    installation: 7,
    issue: { title: "Month ends are wrong", ref: { number: 12 } },
    trigger: { kind: "label", sender: "maria", delivery: "d1" },
    state: { at: "queued" },
  });
  expect(forges.removedLabels).toEqual(["acme/cadence#12 copatcher"]);
  expect(forges.comments).toHaveLength(1);
});

test.each(["none", "read", "triage"] as const)(
  "%s access starts nothing and is answered",
  async (permission) => {
    const { runs, forges, deliver } = world({ maria: permission });

    await deliver("d1", "issues", labeled());

    expect(await runs.recent(10)).toEqual([]);
    expect(forges.comments.map((comment) => comment.body).join()).toContain("write access");
  },
);

test("a permission that cannot be checked is a refusal", async () => {
  const { runs, forges, deliver } = world();
  forges.breakDown("permission", new Error("timeout"));

  await deliver("d1", "issue_comment", commented("/copatcher fix"));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.map((comment) => comment.body).join()).toContain("could not be checked");
});

test("a second label while a run is live starts no second run and is answered", async () => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issues", labeled());
  await deliver("d2", "issues", labeled());

  expect(await runs.recent(10)).toHaveLength(1);
  expect(forges.comments.at(-1)?.body).toContain("already under way");
});

test("a delivery that is handled twice starts one run and says nothing more", async () => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issues", labeled());
  await deliver("d1", "issues", labeled());

  expect(await runs.recent(10)).toHaveLength(1);
  expect(forges.comments).toHaveLength(1);
});

test.each([
  ["/copatcher merge", "does not know"],
  ["/copatcher help", "/copatcher fix"],
  ["/copatcher help", "/copatcher env check"],
  ["/copatcher env build", "does not know"],
])("%s is answered without a run", async (comment, words) => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issue_comment", commented(comment));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.at(-1)?.body).toContain(words);
});

test("a command on a pull request is answered without a run", async () => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issue_comment", commented("/copatcher fix", { pullRequest: true }));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.at(-1)?.body).toContain("on issues");
});

test("/copatcher env check by someone with write access asks for a check, not for a repair", async () => {
  const { runs, forges, deliver } = world();

  await deliver("d1", "issue_comment", commented("/copatcher env check"));

  expect(await runs.recent(10)).toMatchObject([{ kind: "environment-check", state: { at: "queued" } }]);
  expect(forges.comments.map(({ marker }) => marker)).toEqual(["<!-- copatcher:check:issue=12 -->"]);
});

test("/copatcher env check by anybody else starts nothing", async () => {
  const { runs, forges, deliver } = world({ maria: "read" });

  await deliver("d1", "issue_comment", commented("/copatcher env check"));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.map((comment) => comment.body).join()).toContain("write access");
});
