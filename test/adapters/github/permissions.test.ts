import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { IssueRef } from "../../../src/domain/issue.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type Fate, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";

let world: FaultyWorld;
let ref: IssueRef;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
beforeEach(async () => {
  world.wire.fate = () => "passes";
  ref = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
});
afterAll(() => world.close());

const refusal = (accepted?: string): Fate => ({
  status: 403,
  message: "Resource not accessible by integration",
  ...(accepted === undefined ? {} : { headers: { "x-accepted-github-permissions": accepted } }),
});
const forge = (clock = createFixedClock()) =>
  world.startProcess(clock).forInstallation(world.github.installationId);
const said = async () => (await world.github.comments(ref.number)).map(({ body }) => body.split("\n").at(-1));

test.each([
  ["issues=write", "issues: write"],
  [
    "pull_requests=read,contents=read; issues=read",
    "pull_requests: read and contents: read, or issues: read",
  ],
  [undefined, ""],
  ["<b>=write", ""],
])("a refusal for a permission that was not given (%j) names it: %j", async (header, lacks) => {
  world.wire.fate = ({ write }) => (write ? refusal(header) : "passes");

  await expect(forge().upsertComment(ref, marker, "one")).rejects.toMatchObject({
    code: "forge-rejected",
    data: { status: 403, lacks },
    message: expect.stringContaining(lacks === "" ? "a permission that this takes." : `takes: ${lacks}.`),
  });
});

test("a permission that is given while a token is good holds at once", async () => {
  const working = forge();
  const olds = new Set<string>();
  let given = false;
  world.wire.fate = ({ token, write }) => {
    if (!given) olds.add(token);
    return write && olds.has(token) ? refusal("issues=write") : "passes";
  };
  await working.issue(ref);
  given = true;

  await working.upsertComment(ref, marker, "one");

  expect(await said()).toEqual(["one"]);
});

test("while a permission is not given a token in five minutes is minted to look for it", async () => {
  const clock = createFixedClock(0);
  const lacking = forge(clock);
  let minted = 0;
  world.wire.fate = ({ path, write }) => {
    if (path.endsWith("/access_tokens")) minted += 1;
    return write ? refusal() : "passes";
  };
  const ask = () => lacking.upsertComment(ref, marker, "one").catch(() => undefined);

  await ask();
  const first = minted;
  await ask();
  await ask();
  expect(minted).toBe(first);

  clock.advance(300_000);
  await ask();
  expect(minted).toBe(first + 1);
});
