import { expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { deliveryWorld } from "./delivery-world.ts";
import {
  aboutPull,
  commented,
  issueGone,
  issueMoved,
  labeled,
  remark,
  repositoriesRemoved,
  repositoryGone,
  review,
  uninstalled,
} from "./payloads.ts";

test("a label by someone with write access starts a run with the issue as it is in the event", async () => {
  const { runs, forges, deliver } = deliveryWorld();

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
    const { runs, forges, deliver } = deliveryWorld({ maria: permission });

    await deliver("d1", "issues", labeled());

    expect(await runs.recent(10)).toEqual([]);
    expect(forges.comments.map((comment) => comment.body).join()).toContain("takes `write` access");
  },
);

test.each(["status", "config", "good", "bad"])(
  "%s is refused to people who may not even read",
  async (verb) => {
    const { forges, feedback, deliver } = deliveryWorld({ maria: "none" });
    const pullRequest = verb === "good" || verb === "bad";

    await deliver("d1", "issue_comment", commented(`/copatcher ${verb}`, { pullRequest }));

    expect(forges.comments.map(({ body }) => body)).toEqual([expect.stringContaining("takes `read` access")]);
    expect(forges.reactions).toEqual(["eyes comment 99", "confused comment 99"]);
    expect(feedback).toEqual([]);
  },
);

test("a permission that cannot be checked is a refusal", async () => {
  const { runs, forges, deliver } = deliveryWorld();
  forges.breakDown("permission", new Error("timeout"));

  await deliver("d1", "issue_comment", commented("/copatcher fix"));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.map((comment) => comment.body).join()).toContain("could not be checked");
});

test("a second label while a run is live starts no second run and is answered", async () => {
  const { runs, forges, deliver } = deliveryWorld();

  await deliver("d1", "issues", labeled());
  await deliver("d2", "issues", labeled());

  expect(await runs.recent(10)).toHaveLength(1);
  expect(forges.comments.at(-1)?.body).toContain("already under way");
});

test("a delivery that is handled twice starts one run and says nothing more", async () => {
  const { runs, forges, deliver } = deliveryWorld();

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
  const { runs, forges, deliver } = deliveryWorld();

  await deliver("d1", "issue_comment", commented(comment));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.at(-1)?.body).toContain(words);
});

test("a command on a pull request is answered without a run", async () => {
  const { runs, forges, deliver } = deliveryWorld();

  await deliver("d1", "issue_comment", commented("/copatcher fix", { pullRequest: true }));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.at(-1)?.body).toContain("is for issues");
});

test("/copatcher env check by someone with enough access asks for a check, not for a repair", async () => {
  const { runs, forges, deliver } = deliveryWorld();

  await deliver("d1", "issue_comment", commented("/copatcher env check"));

  expect(await runs.recent(10)).toMatchObject([{ kind: "environment-check", state: { at: "queued" } }]);
  expect(forges.comments.map(({ marker }) => marker)).toEqual(["<!-- copatcher:check:issue=12 -->"]);
});

test("/copatcher env check by anybody else starts nothing", async () => {
  const { runs, forges, deliver } = deliveryWorld({ maria: "read" });

  await deliver("d1", "issue_comment", commented("/copatcher env check"));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.map((comment) => comment.body).join()).toContain("`triage` access");
});

const bot = (login: string) => ({ sender: { login, type: "Bot" } });
const namesBots = "permissions:\n  bots: ['helper[bot]', 'copatcher[bot]']\n";

test("a bot that the settings name may give commands", async () => {
  const { runs, deliver } = deliveryWorld({}, namesBots);

  await deliver("d1", "issue_comment", commented("/copatcher fix", bot("Helper[bot]")));

  expect(await runs.recent(10)).toHaveLength(1);
});

test.each(["other[bot]", "copatcher[bot]"])(
  "%s is ignored without a word, whatever it says",
  async (login) => {
    const { runs, forges, deliver } = deliveryWorld({ [login]: "write" }, namesBots);

    await deliver("d1", "issue_comment", commented("/copatcher fix", bot(login)));

    expect(await runs.recent(10)).toEqual([]);
    expect(forges.comments).toEqual([]);
    expect(forges.reactions).toEqual([]);
  },
);

const namesApps = "permissions:\n  bots: [4711]\n";

test("an App that the settings name by its id may give commands, whatever its login is now", async () => {
  const { runs, deliver } = deliveryWorld({}, namesApps);

  await deliver("d1", "issue_comment", commented("/copatcher fix", { ...bot("renamed[bot]"), app: 4711 }));

  expect(await runs.recent(10)).toMatchObject([{ trigger: { sender: "renamed[bot]", app: 4711 } }]);
});

test.each<[string, Parameters<typeof commented>[1]]>([
  ["another App whose login looks like the id", { ...bot("4711[bot]"), app: 815 }],
  ["a bot of which GitHub names no App", bot("4711[bot]")],
  ["the bot itself", { ...bot("copatcher[bot]"), app: 4711 }],
])("%s is ignored without a word", async (_, fields) => {
  const { runs, forges, deliver } = deliveryWorld({ "4711[bot]": "write" }, namesApps);

  await deliver("d1", "issue_comment", commented("/copatcher fix", fields ?? {}));

  expect(await runs.recent(10)).toEqual([]);
  expect([forges.comments, forges.reactions]).toEqual([[], []]);
});

test("a person who comments through a named App has their own rights only", async () => {
  const { runs, forges, deliver } = deliveryWorld({ maria: "read" }, namesApps);

  await deliver("d1", "issue_comment", commented("/copatcher fix", { app: 4711 }));

  expect(await runs.recent(10)).toEqual([]);
  expect(forges.comments.map(({ body }) => body)).toEqual([expect.stringContaining("takes `write` access")]);
});

test("an App that is named by its id may see what it started and end it", async () => {
  const { runs, forges, deliver } = deliveryWorld({}, namesApps);
  const by = { ...bot("helper[bot]"), app: 4711 };
  await deliver("d1", "issue_comment", commented("/copatcher fix", by));

  await deliver("d2", "issue_comment", commented("/copatcher status", by));
  await deliver("d3", "issue_comment", commented("/copatcher cancel", by));

  expect(forges.comments.map(({ body }) => body).join()).toContain("(repair) | queued");
  expect(await runs.recent(10)).toMatchObject([{ state: { at: "cancelled", by: "helper[bot]" } }]);
});

const repo = { owner: "acme", name: "cadence" };

test.each([
  ["issues", issueGone(), [{ kind: "issue", issue: { repo, number: 12 } }]],
  ["repository", repositoryGone(), [{ kind: "repository", repo }]],
  ["installation", uninstalled(), [{ kind: "installation", installation: 7 }]],
  [
    "installation_repositories",
    repositoriesRemoved("acme/cadence", "acme/other"),
    [
      { kind: "repository", repo },
      { kind: "repository", repo: { owner: "acme", name: "other" } },
    ],
  ],
] as const)("%s that is gone takes its data with it, after its runs", async (event, payload, scopes) => {
  const { runs, removed, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());

  await deliver("d2", event, payload);

  expect(removed).toEqual(scopes);
  expect(await runs.recent(10)).toMatchObject([{ state: { at: "cancelled" } }]);
});

test("an issue that was transferred has its runs called off, and everything known of it stays", async () => {
  const { runs, forges, removed, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());
  const said = forges.comments.length;

  await deliver("d2", "issues", issueMoved());

  const by = "GitHub: its issue was transferred";
  expect(await runs.recent(10)).toMatchObject([{ state: { at: "cancelled", by } }]);
  expect([removed, forges.comments.length]).toEqual([[], said]);
});

test("data of a run that still works is removed once it has stopped", async () => {
  const { runs, removed, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());
  const claim = await runs.claim("worker", unlimited);

  await expect(deliver("d2", "issues", issueGone())).rejects.toMatchObject({ code: "store-unavailable" });
  expect(removed).toEqual([]);
  if (claim === null) throw new RangeError("nothing to claim");
  await runs.advance(claim, { kind: "ended", state: { at: "cancelled", by: "maria" } });
  await deliver("d2", "issues", issueGone());

  expect(removed).toHaveLength(1);
});

test("runs of other repositories go on when one is gone", async () => {
  const { runs, deliver } = deliveryWorld();
  await deliver("d1", "issues", labeled());

  await deliver("d2", "repository", {
    ...repositoryGone(),
    repository: { name: "Cadence2", owner: { login: "acme" } },
  });

  expect(await runs.recent(10)).toMatchObject([{ state: { at: "queued" } }]);
});

test.each([
  ["closed", {}, { merged: true }, { what: "merged", mergeSha: "d".repeat(40), by: "maria" }, ["40 closed"]],
  ["closed", {}, {}, { what: "closed", headSha: "c".repeat(40), by: "maria" }, ["40 closed"]],
  ["reopened", {}, {}, { what: "reopened", by: "maria" }, ["40 open"]],
  ["synchronize", { before: "b" }, {}, { what: "pushed", before: "b", by: "maria" }, []],
] as const)("a pull request of ours that is %s is noted", async (action, extra, fields, expected, open) => {
  const { feedback, noted, deliver } = deliveryWorld();

  await deliver("d1", "pull_request", aboutPull(action, extra, fields));

  expect(feedback).toMatchObject([{ repo, number: 40, feedback: expected }]);
  expect(noted).toEqual(open);
});

test("reviews and remarks of a pull request of ours are kept", async () => {
  const { feedback, deliver } = deliveryWorld();

  await deliver("d1", "pull_request_review", aboutPull("submitted", { review }));
  await deliver("d2", "pull_request_review_comment", aboutPull("created", { comment: remark }));

  expect(feedback.map((ask) => ask.feedback)).toMatchObject([
    { what: "reviewed", review: 5, state: "changes_requested", text: "Keep the zone", by: "maria" },
    { what: "remarked", remark: { id: 6, path: "a.py", line: 3, text: "why?" }, by: "maria" },
  ]);
});

test.each([
  ["is of an unknown kind", "sponsorship", { action: "created" }],
  ["no longer has what its kind needs", "issues", { ...labeled(), issue: null }],
])("a stored delivery that %s is put aside", async (_title, event, payload) => {
  const { logger, forges, deliver } = deliveryWorld();

  await deliver("d1", event, payload);

  expect(forges.comments).toEqual([]);
  expect(logger.lines.map(({ text }) => text).join()).toContain("put aside");
});
