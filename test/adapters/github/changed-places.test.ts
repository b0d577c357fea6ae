import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";

let world: FaultyWorld;
let ref: IssueRef;
let forge: Forge;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
beforeEach(async () => {
  world.wire.fate = () => "passes";
  forge = world.startProcess().forInstallation(world.github.installationId);
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  world.wire.writes.length = 0;
});
afterAll(() => world.close());

const said = async () => (await world.github.comments(ref.number)).map(({ body }) => body.split("\n").at(-1));

/** GitHub sends reads on for good, and changes with their method and text. */
function renames(from: string, to: string): void {
  world.wire.fate = ({ method, path }) =>
    path.startsWith(`${from}/`) || path === from
      ? {
          status: method === "GET" ? 301 : 307,
          headers: { location: `${world.wire.url}${to}${path.slice(from.length)}` },
        }
      : "passes";
}

/** Refuses what a path contains. */
function refuses(part: string, status: number, message: string): void {
  world.wire.fate = ({ path }) => (path.includes(part) ? { status, message } : "passes");
}

test("a run goes on in a repository that was renamed or moved to another owner", async () => {
  renames("/repos/old-owner/old-name", "/repos/acme/rates");
  const before = { repo: { owner: "old-owner", name: "old-name" }, number: ref.number };

  expect(await forge.issue(before)).toMatchObject({ title: "Bug", author: "rita" });
  await forge.upsertComment(before, marker, "one");
  await forge.upsertComment(before, marker, "two");
  const base = await forge.defaultBranch(before.repo);
  if (base === null) throw new RangeError("there is no default branch");
  await forge.propose({
    issue: before,
    base,
    branch: "bot/renamed",
    commitMessage: "fix: rate",
    changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 2\n" }],
    title: "fix: rate",
    body: "Text",
    draft: true,
  });

  expect(await said()).toEqual(["two"]);
  expect((await world.github.pullRequests()).map(({ title }) => title)).toEqual(["fix: rate"]);
});

test("an issue that was transferred to where the App is not is a refusal", async () => {
  renames(`/repos/acme/rates/issues/${ref.number}`, "/repos/elsewhere/secret/issues/5");

  await expect(forge.issue(ref)).rejects.toMatchObject({ code: "forge-rejected", data: { status: 404 } });
});

test("an issue that was deleted in mid-run is a refusal, and nothing is written", async () => {
  refuses(`/issues/${ref.number}`, 410, "This issue was deleted");

  await expect(forge.issue(ref)).rejects.toMatchObject({ code: "forge-rejected" });
  await expect(forge.upsertComment(ref, marker, "one")).rejects.toMatchObject({ code: "forge-rejected" });
  expect(world.wire.writes).toEqual([]);
});

test("an archived repository refuses once, in GitHub's words", async () => {
  world.wire.fate = ({ write }) =>
    write ? { status: 403, message: "Repository was archived so is read-only." } : "passes";

  await expect(forge.upsertComment(ref, marker, "one")).rejects.toMatchObject({
    code: "forge-rejected",
    message: expect.stringContaining("Repository was archived so is read-only."),
  });
  expect(world.wire.writes).toHaveLength(1);
});

test("an uninstall in mid-run is a refusal, not an outage that a run waits for", async () => {
  await forge.issue(ref);
  world.wire.fate = ({ path }) =>
    path.endsWith("/access_tokens")
      ? { status: 404, message: "Not Found" }
      : { status: 401, message: "Bad credentials" };

  await expect(forge.upsertComment(ref, marker, "one")).rejects.toMatchObject({ code: "forge-rejected" });
});

test("a suspended installation is a refusal, too", async () => {
  const fresh = world.startProcess().forInstallation(world.github.installationId);
  refuses("/access_tokens", 403, "This installation has been suspended");

  await expect(fresh.issue(ref)).rejects.toMatchObject({
    code: "forge-rejected",
    message: expect.stringContaining("This installation has been suspended"),
  });
});

test.each(["release/1.0", "ünïcode#1", "50%25off/team+x@2"])(
  "a branch named %s can be read and worked on",
  async (name) => {
    await world.repository.git("update-ref", `refs/heads/${name}`, "main");
    const base = await forge.branch(repo, name);

    expect(base).toMatchObject({ name, sha: (await world.repository.git("rev-parse", "main")).trim() });
    if (base === null) return;
    const made = await forge.propose({
      issue: ref,
      base,
      branch: `bot/${name}/fix`,
      commitMessage: "fix: rate",
      changes: [{ path: "src/rates.py", before: "RATE = 1\n", after: "RATE = 3\n" }],
      title: "fix: rate",
      body: "Text",
      draft: false,
    });
    expect(made).toMatchObject({ base: name, head: `bot/${name}/fix` });
  },
);

test("a text of more than GitHub takes is shortened, and its marker stays", async () => {
  await forge.upsertComment(ref, marker, `${"x".repeat(65_536)}\n`);

  const [comment] = await world.github.comments(ref.number);
  expect(comment?.body.startsWith(marker)).toBe(true);
  expect(comment?.body).toContain("Shortened");
  await forge.upsertComment(ref, marker, "short");
  expect(await said()).toEqual(["short"]);
});
