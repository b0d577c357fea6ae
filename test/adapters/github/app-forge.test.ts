import { Octokit } from "@octokit/rest";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createGitHubAppForge } from "../../../src/adapters/github/app-forge.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { makeGitHubWorld, type GitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };

describe("the App on the embedded GitHub", () => {
  let world: GitHubWorld;
  beforeAll(async () => {
    world = await makeGitHubWorld(asEntries({ "README.md": "# Rates\n" }));
  });
  afterAll(() => world.close());

  test("knows its name, its permissions and its events", async () => {
    const { slug, permissions, events } = await world.app.registration();

    expect(slug).toMatch(/^[a-z-]+$/);
    expect(permissions).toMatchObject({ contents: "write" });
    expect(events).toContain("issues");
  });

  test("sees its installation, its repository and who labelled which issue", async () => {
    const issue = await world.github.openIssue("Bug", "It breaks", "rita");
    await world.github.openIssue("Another", "Without a label", "rita");
    await world.github.addLabel(issue, "copatcher", "wanda");
    world.github.passTime(10);
    const { installationId } = world.github;

    const [installation] = await world.app.installations();
    const [seen] = await world.app.repositories(installationId);
    const labelled = await world.app.labelled(installationId, repo, "copatcher");
    const labelling = await world.app.labelling(installationId, { repo, number: issue }, "Copatcher");

    expect(installation).toBe(installationId);
    expect(seen).toMatchObject({ repo, openIssues: 2 });
    expect(labelled).toEqual([
      { ref: { repo, number: issue }, title: "Bug", body: "It breaks", author: "rita" },
    ]);
    expect(labelling).toMatchObject({ label: "copatcher", actor: { login: "wanda", bot: false } });
    expect(Date.now() - (labelling?.time ?? 0)).toBeGreaterThan(9 * 60_000);
  });

  test("lists its webhooks page by page and has one delivered again", async () => {
    const issue = await world.github.openIssue("Bug", "It breaks", "rita");
    const sent = await world.github.addLabel(issue, "copatcher", "wanda");
    await world.closeReceiver();
    const lost = await world.github.comment(issue, "/copatcher fix", "wanda");
    const before = await world.app.attempts(0);
    const failed = before.find(({ ok }) => !ok);

    await world.app.redeliver(failed?.id ?? "");

    expect(before.find(({ delivery }) => delivery === sent.id)).toMatchObject({
      event: "issues.labeled",
      ok: true,
    });
    expect(failed).toMatchObject({
      delivery: lost.id,
      event: "issue_comment.created",
      installation: world.github.installationId,
    });
    await expect
      .poll(async () => (await world.app.attempts(0)).filter(({ delivery }) => delivery === lost.id).length)
      .toBe(2);
    expect(await world.app.attempts(Date.now() + 1)).toEqual([]);
  });
});

describe("the App on GitHub", () => {
  const api = "https://api.github.com";
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const logger = createSilentLogger();
  const subject = () => createGitHubAppForge(async () => new Octokit({ log }), logger);
  const attempt = (id: number, status_code: number) => ({
    id,
    guid: `g${id}`,
    delivered_at: "2026-01-02T10:00:00Z",
    redelivery: false,
    status_code,
    event: "issues",
    action: "labeled",
    installation_id: 7,
    repository_id: 8,
  });
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => nock.cleanAll());
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  test("follows the cursor of its webhooks and keeps ids that no number holds", async () => {
    const path = "/app/hook/deliveries";
    const link = `<${api}${path}?per_page=100&cursor=v1_2>; rel="next"`;
    nock(api)
      .get(path)
      .query({ per_page: 100 })
      .reply(200, [attempt(1, 200)], { link });
    const large = JSON.stringify([attempt(2, 504)]).replace('"id":2', '"id":9223372036854775807');
    nock(api)
      .get(path)
      .query({ per_page: 100, cursor: "v1_2" })
      .reply(200, large, { "content-type": "application/json" });

    const attempts = await subject().attempts(0);

    expect(attempts.map(({ id, ok }) => ({ id, ok }))).toEqual([
      { id: "1", ok: true },
      { id: "9223372036854775807", ok: false },
    ]);
  });

  test("finds a failure below more successes than one look reads, and then no more pages than there are news", async () => {
    const successes = 20_050;
    const time = (id: number): string => new Date(Date.UTC(2026, 0, 2) + id * 1_000).toISOString();
    const asked: number[] = [];
    nock(api)
      .persist()
      .get("/app/hook/deliveries")
      .query(true)
      .reply((uri) => {
        const first = Number(new URL(uri, api).searchParams.get("cursor") ?? successes);
        asked.push(first);
        const ids = Array.from({ length: 100 }, (_, place) => first - place).filter((id) => id >= 0);
        const page = ids.map((id) => ({ ...attempt(id, id === 0 ? 502 : 200), delivered_at: time(id) }));
        const link = `<${api}/app/hook/deliveries?cursor=${first - 100}>; rel="next"`;
        return [200, page, first < 100 ? {} : { link }];
      });
    const app = subject();
    const failures = async () => (await app.attempts(0)).filter(({ ok }) => !ok).map(({ id }) => id);

    const looks = [await failures(), await failures()];
    const before = asked.length;
    looks.push(await failures());

    expect(looks).toEqual([[], ["0"], ["0"]]);
    expect(asked.slice(before).length).toBeLessThan(10);
    expect(logger.lines.map(({ level, text }) => `${level}: ${text}`)).toEqual([
      "warn: more webhook deliveries than one look reads: the next one goes on",
    ]);
  });

  test("reads no page beyond the time that is asked for", async () => {
    const link = `<${api}/app/hook/deliveries?cursor=v1_2>; rel="next"`;
    nock(api)
      .get("/app/hook/deliveries")
      .query(true)
      .reply(200, [attempt(1, 200)], { link });

    expect(await subject().attempts(Date.UTC(2026, 1, 1))).toEqual([]);
  });

  test("asks only for what has changed", async () => {
    const path = "/installation/repositories";
    const repositories = [
      { id: 1, name: "rates", owner: { login: "acme" }, open_issues_count: 3 },
      { id: 2, name: "old", owner: { login: "acme" }, open_issues_count: 3, archived: true },
    ];
    nock(api).get(path).query(true).reply(200, { repositories }, { etag: 'W/"one"' });
    nock(api, { reqheaders: { "if-none-match": 'W/"one"' } })
      .get(path)
      .query(true)
      .times(2)
      .reply(304);
    const app = subject();

    const answers = [await app.repositories(7), await app.repositories(7), await app.repositories(7)];

    expect(answers.flat()).toEqual(Array.from({ length: 3 }, () => ({ id: 1, repo, openIssues: 3 })));
  });

  test.each([
    ["a rate limit", 403, { "x-ratelimit-remaining": "0" }, { retryAfter: 60 }],
    ["a secondary limit", 429, { "retry-after": "30" }, { retryAfter: 30 }],
  ])("does not wait out %s", async (_title, status, headers, data) => {
    nock(api).get("/app/installations").query(true).reply(status, { message: "slow down" }, headers);

    await expect(subject().installations()).rejects.toMatchObject({ code: "forge-unavailable", data });
  });

  test("a pull request is open until it is closed or gone", async () => {
    for (const state of ["open", "closed"])
      nock(api).get("/repos/acme/rates/pulls/4").reply(200, { number: 4, state });
    nock(api).get("/repos/acme/rates/pulls/4").reply(404, { message: "Not Found" });
    const ask = () => subject().isPullRequestOpen(7, repo, 4);

    expect([await ask(), await ask(), await ask()]).toEqual([true, false, false]);
  });

  test("does not take another page for GitHub's answer", async () => {
    nock(api).get("/app/installations").query(true).reply(200, "<html>", { "content-type": "text/html" });

    await expect(subject().installations()).rejects.toMatchObject({ code: "forge-unavailable" });
  });
});
