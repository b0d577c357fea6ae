import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../../src/config.ts";
import { wireGitHub } from "../../../src/wire/github.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const repo = { owner: "acme", name: "rates" };
const installation = 77;
/** As GitHub hands them out since 2026: a JSON web token inside, of no fixed length. */
const token = `ghs_4242_${["eyJhbGciOiJSUzI1NiJ9", "x".repeat(2_000), "s-_".repeat(200)].join(".")}`;
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const hosts = [
  { api: "https://ghe.example.com/api/v3", graphql: "/api/graphql", web: "https://ghe.example.com" },
  { api: "https://ghe.example.com/api/v3/", graphql: "/api/graphql", web: "https://ghe.example.com" },
  { api: "https://api.acme.ghe.com", graphql: "/graphql", web: "https://acme.ghe.com" },
  { api: "https://api.github.com", graphql: "/graphql", web: "https://github.com" },
];

/** The bot's GitHub as the server wires it for an operator whose only word about the host is its API's address. */
function subject(GITHUB_API_URL: string) {
  const env = { APP_ID: "4242", PRIVATE_KEY: privateKey, WEBHOOK_SECRET: "a secret for tests" };
  const inference = { COPATCHER_INFERENCE_URL: "http://127.0.0.1:9/v1" };
  const github = wireGitHub(
    readConfig({ ...env, ...inference, GITHUB_API_URL }, "server"),
    createSilentLogger(),
  );
  return { app: github.app, forge: github.forges.forInstallation(installation) };
}

function mints(api: string): nock.Scope {
  return nock(api.replace(/\/$/, ""))
    .post(`/app/installations/${installation}/access_tokens`)
    .reply(201, {
      token,
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: { contents: "write" },
      repository_selection: "all",
    });
}

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

test.each(hosts)("REST and its tokens of $api stay at that address", async ({ api }) => {
  const minted = mints(api);
  const rest = nock(api.replace(/\/$/, ""), { reqheaders: { authorization: `token ${token}` } })
    .get("/repos/acme/rates/issues/1")
    .reply(200, { title: "Bug", body: null, user: null });

  expect(await subject(api).forge.issue({ repo, number: 1 })).toMatchObject({
    title: "Bug",
    author: "ghost",
  });
  expect([minted.isDone(), rest.isDone()]).toEqual([true, true]);
});

test.each(hosts)("GraphQL of $api is asked at $graphql", async ({ api, graphql }) => {
  mints(api);
  nock(api.replace(/\/$/, "")).get("/app").reply(200, { slug: "copatcher" });
  const threads = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  const asked = nock(new URL(api).origin)
    .post(graphql)
    .reply(200, { data: { repository: { pullRequest: { reviewThreads: threads } } } });

  expect(await subject(api).forge.pullRequests.reviewThreads(repo, 2)).toEqual([]);
  expect(asked.isDone()).toBe(true);
});

test.each(hosts)("git of $api is served at $web, with a token of any length", async ({ api, web }) => {
  mints(api);
  mints(api);
  const source = subject(api).forge.source(repo);
  if (source.kind !== "remote") throw new RangeError("the source is not remote");

  expect(source.url).toBe(`${web}/acme/rates.git`);
  const [, basic = ""] = (await source.authorization?.())?.split(" ") ?? [];
  expect(Buffer.from(basic, "base64").toString()).toBe(`x-access-token:${token}`);
});

test.each(hosts)("the App itself speaks to $api, too", async ({ api }) => {
  nock(api.replace(/\/$/, ""))
    .get("/app/installations?per_page=100&page=1")
    .reply(200, [{ id: installation, suspended_at: null }]);

  expect(await subject(api).app.installations()).toEqual([installation]);
});
