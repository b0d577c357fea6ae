import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import { unlimited } from "../../../src/domain/limits.ts";
import type { Branch, Forge, Proposal, PullRequest } from "../../../src/ports/forge.ts";
import type { Claim } from "../../../src/ports/run-store.ts";
import { writeGuard } from "../../../src/runs/write-guard.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { createFixedClock, type FixedClock } from "../../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../../fakes/memory-run-store.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { policy } from "../../fixtures/run-request.ts";
import { makeFaultyWorld, type Fate, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";

let world: FaultyWorld;
let base: Branch;
let ref: IssueRef;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
  base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };
});
beforeEach(async () => {
  world.wire.fate = () => "passes";
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  world.wire.writes.length = 0;
});
afterAll(() => world.close());

/** A worker with a claim, its forge, and what happens when it freezes past its lease and another takes the run. */
async function worker() {
  const clock: FixedClock = createFixedClock();
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const take = async (owner: string): Promise<Claim> => {
    const claim = await runs.claim(owner, unlimited);
    if (claim === null) throw new RangeError("the run is not to be had");
    return claim;
  };
  await runs.request(
    {
      kind: "repair",
      installation: world.github.installationId,
      issue: { ref, title: "Bug", body: "It breaks", author: "rita" },
      trigger: { kind: "label", sender: "wanda", delivery: "delivery-1" },
    },
    policy,
  );
  const claim = await take("worker-1");
  const { signal } = new AbortController();
  const use = { mayWrite: writeGuard({ runs, clock }, claim, signal), signal };
  const forge: Forge = world.startProcess(clock).forInstallation(world.github.installationId, use);
  const freeze = async (): Promise<void> => {
    clock.advance(31_000);
    await runs.recover();
    await take("worker-2");
  };
  return { forge, freeze };
}

const proposal = (branch: string): Proposal => ({
  issue: ref,
  base,
  branch,
  commitMessage: "fix: rate",
  changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 2\n" }],
  title: "fix: rate",
  body: "Text",
  draft: true,
});

test("a worker that freezes after it looked for its comment writes none", async () => {
  const { forge, freeze } = await worker();
  world.wire.fate = async ({ path }): Promise<Fate> => {
    if (path.includes("/comments")) await freeze();
    return "passes";
  };

  await expect(forge.upsertComment(ref, marker, "old")).rejects.toMatchObject({ code: "lease-lost" });

  expect(world.wire.writes).toEqual([]);
});

test("a worker that freezes while GitHub asks for a pause does not send again", async () => {
  const { forge, freeze } = await worker();
  world.wire.fate = async ({ write }): Promise<Fate> => {
    if (!write) return "passes";
    await freeze();
    return { status: 403, headers: { "retry-after": "60" }, message: "secondary rate limit" };
  };

  await expect(forge.upsertComment(ref, marker, "old")).rejects.toMatchObject({ code: "lease-lost" });

  expect(world.wire.writes).toHaveLength(1);
  expect(await world.github.comments(ref.number)).toEqual([]);
});

test.each([0, 1, 2, 3])("a worker that freezes after %i writes of a proposal adds none", async (count) => {
  const { forge, freeze } = await worker();
  let frozen = false;
  world.wire.fate = async ({ write }): Promise<Fate> => {
    const now = count === 0 ? !write : world.wire.writes.length === count;
    if (now && !frozen) {
      frozen = true;
      await freeze();
    }
    return "passes";
  };

  await expect(forge.propose(proposal(`bot/frozen-${count}`))).rejects.toMatchObject({ code: "lease-lost" });

  expect(world.wire.writes).toHaveLength(count);
});

test("a worker without its run removes no label, but may look", async () => {
  await world.github.addLabel(ref.number, "copatcher", "wanda");
  const { forge, freeze } = await worker();
  await freeze();

  await expect(forge.removeLabel(ref, "copatcher")).rejects.toMatchObject({ code: "lease-lost" });

  expect(await forge.issue(ref)).toMatchObject({ title: "Bug" });
  expect((await world.github.issue(ref.number)).labels).toEqual(["copatcher"]);
});

test("a worker that keeps its run writes all it has to", async () => {
  const { forge } = await worker();

  await forge.upsertComment(ref, marker, "working");
  await forge.propose(proposal("bot/kept"));

  expect(await world.github.comments(ref.number)).toMatchObject([{ body: `${marker}\nworking` }]);
});

test("a push of a person that arrives between look and write is not lost", async () => {
  const forge = world.startProcess().forInstallation(world.github.installationId);
  const branch = "bot/pushed";
  await forge.propose(proposal(branch));
  let person = "";
  world.wire.fate = async ({ method, path }): Promise<Fate> => {
    if (method === "PATCH" && path.includes("/git/refs/")) {
      person = await world.repository.commit(asEntries({ "README.md": "mine\n" }), branch);
    }
    return "passes";
  };

  const other = [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 3\n" }];
  const replaced = forge.propose({ ...proposal(branch), changes: other });

  await expect(replaced).rejects.toMatchObject({ code: "forge-rejected" });
  expect((await world.repository.git("rev-parse", branch)).trim()).toBe(person);
});

test("a second try on a branch that appeared in the meantime goes on from it", async () => {
  const branch = "bot/appeared";
  const [one, two] = [1, 2].map(() => world.startProcess().forInstallation(world.github.installationId));
  const others: Promise<PullRequest | undefined>[] = [];
  world.wire.fate = async ({ method, path }): Promise<Fate> => {
    if (method === "POST" && path.endsWith("/git/refs") && others.length === 0) {
      others.push(Promise.resolve(two?.propose(proposal(branch))));
      await others[0];
    }
    return "passes";
  };

  const made = await one?.propose(proposal(branch));

  expect(await others[0]).toMatchObject({ number: made?.number });
  expect((await world.repository.git("rev-list", "--count", `${base.sha}..${branch}`)).trim()).toBe("1");
});
