import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { opensRunPage } from "../../src/domain/run-page.ts";
import { wireGitHub } from "../../src/wire/github.ts";
import { makeFaultyWorld, type FaultyWorld } from "../adapters/github/faulty-github.ts";
import { baseFiles } from "../contracts/forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { worldSecret } from "../fixtures/embedded-github.ts";
import { asEntries } from "../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };
const edition = { run: "run-1", attempt: 1, fence: 1 };

let world: FaultyWorld;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
afterAll(() => world.close());

/** The forge that the server works with. */
function wired(env: Readonly<Record<string, string>>) {
  let limited = 0;
  const { github, wire } = world;
  const complete = {
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: worldSecret,
    GITHUB_API_URL: wire.url,
    COPATCHER_INFERENCE_URL: "http://127.0.0.1:1/v1",
  };
  const config = readConfig({ ...complete, ...env }, "server");
  const { forges } = wireGitHub(config, createSilentLogger(), { limited: () => limited++ });
  return { forge: forges.forInstallation(github.installationId), limited: () => limited };
}
const open = () => world.github.openIssue("Bug", "It breaks", "rita");
const comment = async (issue: number) => (await world.github.comments(issue))[0]?.body ?? "";

test("what is written for a run leads to its page, with the key that opens it", async () => {
  const { forge } = wired({ COPATCHER_PUBLIC_URL: "https://bot.example.com" });
  const issue = await open();

  await forge.upsertComment({ repo, number: issue }, "<!-- m -->", "working", edition);

  const address = /\[The page of this run\]\((\S+)\)/.exec(await comment(issue))?.[1] ?? "";
  const { origin, pathname, searchParams } = new URL(address);
  expect([origin, pathname]).toEqual(["https://bot.example.com", "/runs/run-1"]);
  expect(opensRunPage(worldSecret, "run-1", searchParams.get("key") ?? "")).toBe(true);
});

test("without an address for people nothing leads there", async () => {
  const issue = await open();

  await wired({}).forge.upsertComment({ repo, number: issue }, "<!-- m -->", "working", edition);

  expect(await comment(issue)).toContain("working");
  expect(await comment(issue)).not.toContain("The page of this run");
});

test("each pause that GitHub asks for is counted, and no other refusal", async () => {
  const { forge, limited } = wired({});
  const fates = [{ status: 429, headers: { "retry-after": "0" } }, { status: 403 }];
  world.wire.fate = ({ path }) => (path.includes("/issues/") ? (fates.shift() ?? "passes") : "passes");

  await expect(forge.issue({ repo, number: await open() })).rejects.toMatchObject({
    code: "forge-rejected",
  });

  expect(limited()).toBe(1);
});
