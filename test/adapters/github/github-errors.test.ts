import { inspect } from "node:util";
import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import { RepairError } from "../../../src/domain/errors.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const repo = { owner: "acme", name: "rates" };
const ref = { repo, number: 1 };
const token = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";
const api = "https://api.github.com";
const issuePath = "/repos/acme/rates/issues/1";
const issue = { title: "Bug", body: null, user: { login: "rita" } };

const silent = () => undefined;
const quiet = { debug: silent, info: silent, warn: silent, error: silent };

function subject() {
  const clock = createFixedClock(0);
  const forges = createGitHubForges({
    octokitForInstallation: async () => new Octokit({ auth: token, log: quiet }),
    webUrl: "https://github.com",
    clock,
    logger: createSilentLogger(),
  });
  return { clock, forge: forges.forInstallation(1) };
}

async function failure(promise: Promise<unknown>): Promise<RepairError> {
  const error: unknown = await promise.then(
    () => new Error("nothing was thrown"),
    (error: unknown) => error,
  );
  if (error instanceof RepairError) return error;
  throw error;
}

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

describe("an answer of GitHub", () => {
  test.each([
    [401, { message: "Bad credentials" }, "forge-rejected", "Bad credentials"],
    [
      403,
      { message: "Resource not accessible by integration" },
      "forge-rejected",
      "Resource not accessible by integration. The App was not given a permission that this takes.",
    ],
    [404, { message: "Not Found" }, "forge-rejected", "Not Found"],
    [410, { message: "This issue was deleted" }, "forge-rejected", "This issue was deleted"],
    [
      422,
      {
        message: "Validation Failed",
        errors: [
          { resource: "Issue", field: "body", code: "invalid" },
          { resource: "Issue", code: "custom", message: "body is too long" },
          "a plain word",
        ],
      },
      "forge-rejected",
      "Validation Failed; Issue body invalid; body is too long; a plain word",
    ],
    [500, { message: "Server Error" }, "forge-unavailable", "Server Error"],
    [503, { message: "Service Unavailable" }, "forge-unavailable", "Service Unavailable"],
  ])("with status %i tells what GitHub said", async (status, body, code, words) => {
    nock(api).post("/app/installations/1/access_tokens").optionally().reply(401, { message: "No" });
    nock(api).get(issuePath).times(3).reply(status, body);

    const error = await failure(subject().forge.issue(ref));

    expect(error).toMatchObject({
      code,
      message: `Could not read the issue. GitHub answered ${status}: ${words}`,
      data: { status },
    });
  });

  test("that is a proxy's page does not become part of the message", async () => {
    nock(api)
      .get(issuePath)
      .times(3)
      .reply(502, "<html><h1>Bad gateway</h1></html>", { "content-type": "text/html" });

    const error = await failure(subject().forge.issue(ref));

    expect(error).toMatchObject({
      code: "forge-unavailable",
      message: "Could not read the issue. GitHub answered 502",
    });
  });

  test.each([
    ["broken JSON", "{"],
    ["another shape", JSON.stringify({ items: [] })],
  ])("that is %s with status 200 counts as not answered", async (_title, body) => {
    nock(api).get(issuePath).times(3).reply(200, body, { "content-type": "application/json; charset=utf-8" });

    const error = await failure(subject().forge.issue(ref));

    expect(error).toMatchObject({
      code: "forge-unavailable",
      message: "Could not read the issue: GitHub's answer was not understood.",
    });
  });

  test("that breaks off inside a list of comments counts as not answered", async () => {
    nock(api).get("/app").reply(200, { slug: "copatcher" });
    nock(api)
      .get(`${issuePath}/comments?per_page=100`)
      .times(3)
      .reply(200, "[{", { "content-type": "application/json" });

    const error = await failure(subject().forge.upsertComment(ref, "<!-- m -->", "x"));

    expect(error.code).toBe("forge-unavailable");
  });

  test("that never comes is told as such", async () => {
    nock(api)
      .get(issuePath)
      .times(3)
      .replyWithError(Object.assign(new Error("ECONNREFUSED"), { code: "ECONNREFUSED" }));

    const error = await failure(subject().forge.issue(ref));

    expect(error.code).toBe("forge-unavailable");
    expect(error.message).toContain("Could not read the issue: no answer");
  });

  test("never brings the token into the error", async () => {
    nock(api).get(issuePath).reply(403, { message: "Resource not accessible by integration" });

    const error = await failure(subject().forge.issue(ref));

    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(token);
  });
});

describe("a secondary rate limit", () => {
  const limited = {
    message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  };

  test("is waited for as long as GitHub asks, and then asked again", async () => {
    const { clock, forge } = subject();
    nock(api).get(issuePath).reply(403, limited, { "retry-after": "17" });
    nock(api).get(issuePath).reply(200, issue);

    expect(await forge.issue(ref)).toMatchObject({ title: "Bug", body: "", author: "rita" });
    expect(clock.now()).toBe(17_000);
  });

  test("without a time is waited for a minute", async () => {
    const { clock, forge } = subject();
    nock(api).get(issuePath).reply(403, limited);
    nock(api).get(issuePath).reply(200, issue);

    await forge.issue(ref);

    expect(clock.now()).toBe(60_000);
  });

  test.each([
    ["429 without a word", 429, { message: "Too Many Requests" }],
    ["the older words", 403, { message: "You have triggered an abuse detection mechanism." }],
  ])("that comes as %s is waited for a minute, too", async (_title, status, body) => {
    const { clock, forge } = subject();
    nock(api).get(issuePath).reply(status, body);
    nock(api).get(issuePath).reply(200, issue);

    await forge.issue(ref);

    expect(clock.now()).toBe(60_000);
  });

  test("that does not end is given up with the time that is left to wait", async () => {
    const { clock, forge } = subject();
    nock(api).get(issuePath).times(3).reply(429, limited, { "retry-after": "5" });

    const error = await failure(forge.issue(ref));

    expect(error).toMatchObject({ code: "forge-unavailable", data: { status: 429, retryAfter: 5 } });
    expect(clock.now()).toBe(10_000);
  });

  test("of an hour is not waited for", async () => {
    const { clock, forge } = subject();
    nock(api).get(issuePath).reply(403, limited, { "retry-after": "3600" });

    expect((await failure(forge.issue(ref))).data).toMatchObject({ retryAfter: 3600 });
    expect(clock.now()).toBe(0);
  });
});

describe("an exhausted primary rate limit", () => {
  const exhausted = { message: "API rate limit exceeded for installation ID 1." };
  const headers = (reset: string) => ({
    date: "Sat, 21 Nov 2026 12:00:00 GMT",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": reset,
  });
  const noon = Date.parse("2026-11-21T12:00:00Z") / 1000;

  test("is waited for until it is filled again, by GitHub's own clock", async () => {
    const { clock, forge } = subject();
    nock(api)
      .get(issuePath)
      .reply(403, exhausted, headers(String(noon + 90)));
    nock(api).get(issuePath).reply(200, issue);

    await forge.issue(ref);

    expect(clock.now()).toBe(90_000);
  });

  test("that lasts for most of an hour is told at once with the time that is left", async () => {
    const { clock, forge } = subject();
    nock(api)
      .get(issuePath)
      .reply(403, exhausted, headers(String(noon + 3_000)));

    expect((await failure(forge.issue(ref))).data).toMatchObject({ retryAfter: 3_000 });
    expect(clock.now()).toBe(0);
  });

  test.each(["soon", String(noon - 5)])(
    "with the end %j is waited for no less than a second",
    async (reset) => {
      const { clock, forge } = subject();
      nock(api).get(issuePath).reply(403, exhausted, headers(reset));
      nock(api).get(issuePath).reply(200, issue);

      await forge.issue(ref);

      expect(clock.now()).toBeGreaterThanOrEqual(1_000);
      expect(clock.now()).toBeLessThanOrEqual(60_000);
    },
  );
});

describe("the sender's permission", () => {
  const path = "/repos/acme/rates/collaborators/wanda/permission";

  test.each([
    [{ permission: "write", role_name: "maintain" }, "maintain"],
    [{ permission: "read", role_name: "triage" }, "triage"],
    [{ permission: "write", role_name: "Release captain" }, "write"],
    [{ permission: "read", role_name: "admin of docs" }, "read"],
    [{ permission: "admin" }, "admin"],
    [{ permission: "none", role_name: "" }, "none"],
  ])("is taken from %j", async (answer, role) => {
    nock(api).get(path).reply(200, answer);

    expect(await subject().forge.permission(repo, "wanda")).toBe(role);
  });

  test.each([
    [200, { permission: "superuser", role_name: "superuser" }],
    [200, {}],
    [200, ""],
    [204, ""],
    [403, { message: "Forbidden" }],
    [404, { message: "wanda is not a user" }],
    [500, { message: "Server Error" }],
  ])("is an error when GitHub answers %i %j", async (status, answer) => {
    nock(api).get(path).times(3).reply(status, answer);

    expect((await failure(subject().forge.permission(repo, "wanda"))).code).toMatch(/^forge-/);
  });
});

describe("a label", () => {
  const path = `${issuePath}/labels/copatcher`;

  test("that is not on the issue counts as removed", async () => {
    nock(api).delete(path).reply(404, { message: "Label does not exist" });

    await expect(subject().forge.removeLabel(ref, "copatcher")).resolves.toBeUndefined();
  });

  test("that may not be removed is an error", async () => {
    nock(api).delete(path).reply(403, { message: "Resource not accessible by integration" });

    expect((await failure(subject().forge.removeLabel(ref, "copatcher"))).code).toBe("forge-rejected");
  });
});
