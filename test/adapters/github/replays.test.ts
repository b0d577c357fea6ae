import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Branch, Forge, Proposal } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type Fate, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";

let world: FaultyWorld;
let base: Branch;
let ref: IssueRef;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
  base = { name: "main", sha: (await world.repository.git("rev-parse", "main")).trim() };
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
});
beforeEach(() => {
  world.wire.fate = () => "passes";
  world.wire.writes.length = 0;
});
afterAll(() => world.close());

const forge = (): Forge => world.startProcess().forInstallation(world.github.installationId);

/** The `place`th write of a process meets `fate`; a process that dies with it sends nothing more. */
function breakAt(place: number, fate: Fate, { dies }: { readonly dies: boolean }): void {
  let [seen, dead] = [0, false];
  world.wire.fate = ({ write }) => {
    if (dead) return "lost";
    if (write) seen += 1;
    if (!write || seen !== place) return "passes";
    dead = dies;
    return fate;
  };
}

const proposalOf = (branch: string, attempt: number): Proposal => ({
  issue: ref,
  base,
  branch,
  commitMessage: `fix: rate\n\nAttempt ${attempt}.`,
  changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: `RATE = ${attempt + 1}\n` }],
  title: `fix: rate, attempt ${attempt}`,
  body: `Text of ${attempt}`,
  draft: true,
  edition: { run: `run-${attempt}`, attempt, fence: 1 },
});

/** What is on GitHub of a branch: its commits above the base, its content, its pull requests. */
async function seen(branch: string) {
  const git = (...args: string[]) => world.repository.git(...args);
  const { data: pulls } = await world.client.rest.pulls.list({
    owner: "acme",
    repo: "rates",
    head: `acme:${branch}`,
    state: "all",
  });
  return {
    commits: Number(await git("rev-list", "--count", "--first-parent", `${base.sha}..refs/heads/${branch}`)),
    content: await git("show", `refs/heads/${branch}:src/rates.py`),
    pulls: pulls.map(({ title, state, body }) => ({ title, state, text: (body ?? "").split("\n").at(-1) })),
  };
}

const proposalWrites = ["trees", "commits", "refs", "pulls"];
const [objects, effects] = [proposalWrites.slice(0, 2), proposalWrites.slice(2)];
const cut = (name: string, fate: "lost" | "unanswered") => ({
  name,
  fate,
  place: proposalWrites.indexOf(name) + 1,
});
/** Git objects without a branch are nowhere to be seen: it is all the same whether they came into being. */
const effectCuts = effects.flatMap((name) => [cut(name, "lost"), cut(name, "unanswered")]);

const kinds = (): readonly (string | undefined)[] =>
  world.wire.writes.map((write) => write.split("/").find((part) => proposalWrites.includes(part)));

describe("a new proposal", () => {
  test.each(effectCuts)(
    "whose process dies when its $name write is $fate is finished by the next",
    async ({ name, fate, place }) => {
      const branch = `bot/new-${name}-${fate}`;
      breakAt(place, fate, { dies: true });
      const dying = forge().propose(proposalOf(branch, 1));
      await expect(dying).rejects.toMatchObject({ code: "forge-unavailable" });
      world.wire.fate = () => "passes";

      await forge().propose(proposalOf(branch, 1));

      expect(await seen(branch)).toEqual({
        commits: 1,
        content: "RATE = 2\n",
        pulls: [{ title: "fix: rate, attempt 1", state: "open", text: "Text of 1" }],
      });
    },
  );

  test("writes nothing that is seen when it is made again", async () => {
    const branch = "bot/again";
    await forge().propose(proposalOf(branch, 1));
    expect(kinds()).toEqual(proposalWrites);
    const before = await seen(branch);
    world.wire.writes.length = 0;

    await forge().propose(proposalOf(branch, 1));

    expect(kinds()).toEqual([]);
    expect(await seen(branch)).toEqual(before);
  });

  test.each(["lost", "unanswered"] as const)(
    "whose writes are all %s once goes on by itself",
    async (fate) => {
      const branch = `bot/blip-${fate}`;
      const broken = new Set<string>();
      world.wire.fate = ({ write, path }) => {
        if (!write || broken.has(path)) return "passes";
        broken.add(path);
        return fate;
      };

      await forge().propose(proposalOf(branch, 1));

      expect(await seen(branch)).toMatchObject({ commits: 1, pulls: [{ state: "open" }] });
      expect(kinds().filter((kind) => kind === "pulls")).toHaveLength(fate === "lost" ? 2 : 1);
    },
  );
});

describe("a proposal that replaces an earlier run's", () => {
  test.each([...objects.map((name) => cut(name, "unanswered")), ...effectCuts])(
    "and dies when its $name write is $fate is finished by the next",
    async ({ name, fate, place }) => {
      const branch = `bot/old-${name}-${fate}`;
      const first = await forge().propose(proposalOf(branch, 1));
      breakAt(place, fate, { dies: true });
      const dying = forge().propose(proposalOf(branch, 2));
      await expect(dying).rejects.toMatchObject({ code: "forge-unavailable" });
      world.wire.fate = () => "passes";

      const second = await forge().propose(proposalOf(branch, 2));

      expect(second.number).toBe(first.number);
      expect(await seen(branch)).toEqual({
        commits: 2,
        content: "RATE = 3\n",
        pulls: [{ title: "fix: rate, attempt 2", state: "open", text: "Text of 2" }],
      });
    },
  );
});

describe("a comment", () => {
  const said = async (issue: IssueRef) =>
    (await world.github.comments(issue.number)).map(({ body }) => body.split("\n").at(-1));
  const newIssue = async (): Promise<IssueRef> => ({
    repo,
    number: await world.github.openIssue("Bug", "x", "rita"),
  });

  test.each(["lost", "unanswered"] as const)("whose writing is %s stays one", async (fate) => {
    const issue = await newIssue();
    breakAt(1, fate, { dies: false });
    await forge().upsertComment(issue, marker, "blip");
    expect(await said(issue)).toEqual(["blip"]);

    breakAt(1, fate, { dies: false });
    await forge().upsertComment(issue, marker, "edited");
    expect(await said(issue)).toEqual(["edited"]);
  });

  test.each(["lost", "unanswered"] as const)("whose writer dies when it is %s stays one", async (fate) => {
    const issue = await newIssue();
    breakAt(1, fate, { dies: true });
    await expect(forge().upsertComment(issue, marker, "one")).rejects.toMatchObject({
      code: "forge-unavailable",
    });
    world.wire.fate = () => "passes";

    await forge().upsertComment(issue, marker, "two");
    await forge().upsertComment(issue, marker, "two");

    expect(await said(issue)).toEqual(["two"]);
  });

  test("that GitHub wrote although it answered 502 is not written again", async () => {
    const issue = await newIssue();
    breakAt(1, { status: 502, done: true }, { dies: false });

    await forge().upsertComment(issue, marker, "one");

    expect(await said(issue)).toEqual(["one"]);
    expect(world.wire.writes).toHaveLength(1);
  });

  test("is one although two processes found none, and both know it by the same id", async () => {
    const issue = await newIssue();
    let bothLooked: () => void = () => undefined;
    const looked = new Promise<void>((resolve) => (bothLooked = resolve));
    world.wire.fate = async ({ write }): Promise<Fate> => {
      if (write && world.wire.writes.length === 2) bothLooked();
      if (write) await looked;
      return "passes";
    };
    const say = (attempt: number) =>
      forge().upsertComment(issue, marker, `run ${attempt}`, { run: `run-${attempt}`, attempt, fence: 1 });

    const ids = await Promise.all([say(1), say(2)]);

    expect(new Set(ids).size).toBe(1);
    expect(await said(issue)).toEqual(["run 2"]);
  });

  test("that arrives long after its writer died is taken back, and the newer text stays", async () => {
    const issue = await newIssue();
    const edition = (attempt: number) => ({ run: `run-${attempt}`, attempt, fence: 1 });
    let arrive: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (arrive = resolve));
    let dead = false;
    world.wire.fate = async ({ write }): Promise<Fate> => {
      if (dead) return "lost";
      if (!write) return "passes";
      await late;
      dead = true;
      return "unanswered";
    };
    const frozen = forge().upsertComment(issue, marker, "old", edition(1));
    await expect.poll(() => world.wire.writes).toHaveLength(1);
    const own = await world.client.rest.issues.createComment({
      owner: "acme",
      repo: "rates",
      issue_number: issue.number,
      body: `${marker}\n<!-- copatcher:edition run=run-2 attempt=2 fence=1 -->\nnew`,
    });
    arrive();
    await expect(frozen).rejects.toMatchObject({ code: "forge-unavailable" });
    expect(await said(issue)).toEqual(["new", "old"]);
    world.wire.fate = () => "passes";

    const id = await forge().upsertComment(issue, marker, "newest", edition(2));

    expect(id).toBe(own.data.id);
    expect(await said(issue)).toEqual(["newest"]);
  });

  test.each(["lost", "unanswered"] as const)("keeps its label off when the answer is %s", async (fate) => {
    const issue = await newIssue();
    await world.github.addLabel(issue.number, "copatcher", "wanda");
    breakAt(1, fate, { dies: false });

    await forge().removeLabel(issue, "copatcher");

    expect((await world.github.issue(issue.number)).labels).toEqual([]);
  });
});
