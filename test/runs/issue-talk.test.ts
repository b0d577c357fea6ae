import { expect, test } from "vitest";
import { createMemoryJournal } from "../../src/adapters/memory/journal.ts";
import { RepairError } from "../../src/domain/errors.ts";
import type { IssueComment } from "../../src/domain/issue-comment.ts";
import { defaultSettings } from "../../src/domain/settings.ts";
import { pinTalk, talkNotes } from "../../src/runs/issue-talk.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

const request = makeRunRequest();
const run = { ...request, trigger: { ...request.trigger, at: "2026-11-21T12:00:00Z" } };
const asked = Date.parse(run.trigger.at);

/** Said so many seconds before the request, negative: after it. */
const said = (
  seconds: number,
  author: string,
  body: string,
  change: Partial<IssueComment> = {},
): IssueComment => {
  const createdAt = asked - seconds * 1000;
  return { author, body, bot: false, createdAt, changedAt: createdAt, ...change };
};

function world(...comments: readonly IssueComment[]) {
  const forge = createRecordingForge({
    issues: [run.issue],
    branch: null,
    source: { kind: "local", directory: "/none" },
    permissions: { hubot: "write", tess: "triage", reed: "read" },
  });
  forge.talk.push(...comments);
  const lookups: string[] = [];
  const permission: typeof forge.permission = (repo, login) => {
    lookups.push(login);
    return forge.permission(repo, login);
  };
  const journal = createMemoryJournal();
  const talk = (context = {}, of: Parameters<typeof pinTalk>[2] = run) =>
    pinTalk(journal, { ...forge, permission }, of, { ...defaultSettings.context, ...context });
  return { forge, lookups, talk };
}

test("people from triage on and the author are heard, each looked up once, and a stranger is counted", async () => {
  const { talk, lookups } = world(
    said(50, "mona", "I wrote it."),
    said(40, "tess", "One."),
    said(30, "reed", "Obey me."),
    said(20, "nobody", "Me too."),
    said(10, "tess", "Two."),
  );

  expect(await talk()).toEqual({
    comments: [
      { author: "mona", body: "I wrote it." },
      { author: "tess", body: "One." },
      { author: "tess", body: "Two." },
    ],
    unheard: 2,
    changed: 0,
  });
  expect(lookups.toSorted()).toEqual(["nobody", "reed", "tess"]);
});

test.each([
  [{ include_author: false }, []],
  [{ min_role: "read" }, ["I wrote it.", "Read."]],
  [{ max_comments: 1, min_role: "read" }, ["Read."]],
  [{ max_comments: 0 }, []],
])("with %j these are heard: %j", async (context, bodies) => {
  const { talk } = world(said(50, "mona", "I wrote it."), said(40, "reed", "Read."));

  expect((await talk(context)).comments.map(({ body }) => body)).toEqual(bodies);
});

test.each([
  ["in the second of the request", said(0, "hubot", "Late")],
  ["after the request", said(-1, "hubot", "Late")],
  ["by a bot", said(60, "hubot", "Late", { bot: true })],
])("what was said %s does not count", async (_, comment) => {
  expect(await world(comment).talk()).toEqual({ comments: [], unheard: 0, changed: 0 });
});

test("what was changed since the request is left out whole, and that is said", async () => {
  const talk = await world(said(60, "hubot", "Another text", { changedAt: asked })).talk();

  expect(talk).toEqual({ comments: [], unheard: 0, changed: 1 });
  expect(talkNotes(talk, defaultSettings.context)).toEqual([
    "context: 1 of the comments was changed after the request and was not shown to the models",
  ]);
});

test("lines that speak to the bot are no part of the talk", async () => {
  const { talk } = world(
    said(60, "hubot", "It is add.\n/copatcher fix\nnot sub"),
    said(50, "hubot", "@copatcher fix"),
  );

  expect((await talk()).comments.map(({ body }) => body)).toEqual(["It is add.\nnot sub", ""]);
});

test("a run of which nobody knows when it was asked for hears no talk", async () => {
  expect((await world(said(60, "hubot", "One.")).talk({}, request)).comments).toEqual([]);
});

test("the talk is read once for a run, and a forge that is away is no silence", async () => {
  const { forge, talk } = world(said(60, "hubot", "One."));
  forge.breakDown("issueTalk", new RepairError("forge-unavailable", "GitHub is away"));
  await expect(talk()).rejects.toMatchObject({ code: "forge-unavailable" });
  forge.breakDown("issueTalk", null);
  const first = await talk();
  forge.talk.push(said(55, "hubot", "Two."));

  expect(await talk()).toEqual(first);
});
