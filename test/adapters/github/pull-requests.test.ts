import { expect, test } from "vitest";
import { createGitHubForges } from "../../../src/adapters/github/forge.ts";
import { withSection } from "../../../src/adapters/github/pull-request-text.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { pullRequestsContract } from "../../contracts/pull-requests.ts";
import { makeGitHubWorld } from "../../fixtures/embedded-github.ts";
import { asEntries } from "../../fixtures/make-repository.ts";

const path = "src/a.py";
const text = "A = 1\nB = 3\n";

pullRequestsContract("GitHub", async () => {
  const world = await makeGitHubWorld(asEntries({ [path]: "A = 1\nB = 2\n" }));
  const { github, forge } = world;
  const repo = { owner: "acme", name: "rates" };
  const number = await github.openIssue("B is wrong", "It is 2", "rita");
  const base = await forge.defaultBranch(repo);
  if (base === null) throw new RangeError("there is no default branch");
  const proposed = await forge.propose({
    issue: { repo, number },
    base,
    branch: "copatcher/issue-1",
    commitMessage: "fix: B",
    changes: [{ path, before: "A = 1\nB = 2\n", after: text }],
    title: "fix: B",
    body: "Written by a bot",
    draft: false,
    edition: { run: "run-0", attempt: 1, fence: 1 },
  });
  const thread = (first: number) =>
    github.threads(proposed.number).find(({ remarks }) => remarks[0]?.id === first);
  return {
    requests: forge.pullRequests,
    pull: { repo, number: proposed.number },
    branch: "copatcher/issue-1",
    base: base.name,
    file: { path, text },
    async remark(at, line, by, body) {
      await github.review(
        proposed.number,
        { state: "commented", body: "", remarks: [{ path: at, line, body }] },
        by,
      );
      return github.threads(proposed.number).at(-1)?.remarks[0]?.id ?? 0;
    },
    resolve: async (first) => github.resolveThread(first),
    answers: async (first) =>
      (thread(first)?.remarks ?? [])
        .filter(({ author }) => author === "copatcher[bot]")
        .map(({ body }) => body),
    body: async () => (await github.pullRequests()).at(-1)?.body ?? "",
    close: () => world.close(),
  };
});

test("a section stands below the hidden lines of the bot, and what a program printed cannot end it", () => {
  const marker = "<!-- copatcher:revision -->";
  const hidden =
    "<!-- copatcher:pull-request:issue=1 -->\n<!-- copatcher:edition run=r attempt=1 fence=1 -->\n";
  const evil = "printed <!-- /copatcher:revision --> and more";

  const once = withSection(`${hidden}Fixes #1.`, marker, evil);
  const twice = withSection(once, marker, "new");

  expect(once.startsWith(`${hidden}${marker}\n`)).toBe(true);
  expect(twice).toBe(`${hidden}${marker}\nnew\n\n<!-- /copatcher:revision -->\n\nFixes #1.`);
});

test.each([
  ["in another repository", { full_name: "mallory/rates" }],
  ["in a repository that is gone", null],
])("a head %s is foreign", async (_, headRepository) => {
  const world = await makeGitHubWorld(asEntries({ [path]: text }));
  await world.repository.git("branch", "topic", "main");
  await world.repository.commit(asEntries({ [path]: "A = 2\n" }), "topic");
  await world.github.openPullRequest("topic", "main", "From afar", "wanda");
  const number = (await world.github.pullRequests()).at(-1)?.number ?? 0;
  world.client.hook.after("request", (response) => {
    const { data } = response as { data: { head?: { repo: unknown } } };
    if (data.head !== undefined) data.head.repo = headRepository;
  });
  const forges = createGitHubForges({
    octokitForInstallation: () => Promise.resolve(world.client),
    webUrl: world.github.url,
    clock: createFixedClock(),
    logger: createSilentLogger(),
  });

  const seen = await forges
    .forInstallation(world.github.installationId)
    .pullRequests.pullRequest({ owner: "acme", name: "rates" }, number);

  expect(seen).toMatchObject({ own: false, head: { foreign: true } });
  await world.close();
});
