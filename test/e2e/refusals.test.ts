import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { asEntries, type TreeFile } from "../fixtures/make-repository.ts";
import { smallIssue } from "../fixtures/small-project.ts";
import { files, makeReviewStage, type ReviewStage } from "./review-stage.ts";

const project = files("    return a - b");

let stage: ReviewStage;
/** The one pull request of the bot. */
let own: number;
beforeAll(async () => {
  stage = await makeReviewStage();
  const issue = await opened();
  await stage.github.addLabel(issue, "copatcher", "wanda");
  await stage.work();
  own = (await stage.github.pullRequests()).at(-1)?.number ?? 0;
});
afterAll(() => stage.close());
beforeEach(() => holds(""));

const opened = (body = smallIssue.body): Promise<number> =>
  stage.github.openIssue(smallIssue.title, body, "rita");
/** The default branch's settings, and its files where they are others. */
const holds = (settings: string, tree: Readonly<Record<string, TreeFile>> = project): Promise<string> =>
  stage.repository.commit(asEntries({ ...tree, ".github/copatcher.yml": settings }));
const queued = async () => (await stage.runs.recent(50)).filter(({ state }) => state.at === "queued");
/** What the bot answers, after it has worked where it began to. */
async function answer(on: number, command: string, sender = "wanda"): Promise<string> {
  await stage.github.comment(on, command, sender);
  await stage.work();
  return (await stage.said(on)).at(-1) ?? "";
}

describe("a request", () => {
  test.each([
    [
      "limits: {runs_per_day: 1}",
      "runs were started for this repository within 24 hours, and the limit is 1",
    ],
    [
      "limits: {tokens_per_day: 1}",
      "tokens were used for this repository within 24 hours, and the limit is 1",
    ],
    ["limits: {open_prs: 1}", "1 pull requests of Copatcher are open in this repository, and the limit is 1"],
  ])("above %s is refused with the limit and whose it is", async (settings, why) => {
    await holds(settings);

    const said = await answer(await opened(), "/copatcher fix");

    expect(said).toContain(why);
    expect(said).toContain("the limit is in `.github/copatcher.yml` of this repository");
    expect(await queued()).toEqual([]);
  });

  test("by somebody whose access GitHub does not tell starts nothing", async () => {
    const issue = await opened();
    const sent = await stage.github.comment(issue, "/copatcher fix", "rita");
    const sender = { login: "nobody-here", type: "User" };

    await stage.github.redeliver({ ...sent, id: "unknown-sender", payload: { ...sent.payload, sender } });

    expect((await stage.said(issue)).join("\n")).toContain(
      "the access of `nobody-here` could not be checked",
    );
    expect(await queued()).toEqual([]);
  });

  test.each(["status", "config"])("for %s is refused where the settings ask for more", async (verb) => {
    await holds("permissions: {status: triage}");

    const said = await answer(await opened(), `/copatcher ${verb}`, "rita");

    expect(said).toContain("`rita` has `read` access to this repository, and this takes `triage` access");
  });

  test("to revise by somebody without write access changes nothing", async () => {
    expect(await answer(own, "/copatcher revise\nUse sum.", "tom")).toContain("`tom` has `triage` access");
  });

  test("to stop where nothing is under way says so", async () => {
    expect(await answer(await opened(), "/copatcher stop")).toContain("There is no run to stop here");
  });

  test.each(["good", "bad"])("to judge a person's pull request as %s is kept with no run", async (verb) => {
    const other = await stage.propose(`judged-${verb}`, files("    return b + a"));

    expect(await answer(other, `/copatcher ${verb}`)).toContain("this is none of them");
    expect(await answer(own, `/copatcher ${verb}`)).toContain(`was judged ${verb} is kept with its run`);
  });
});

describe("an App", () => {
  const asApp = async (issue: number, app: number, delivery: string) => {
    const sent = await stage.github.comment(issue, "/copatcher plan", "otto");
    const comment = { ...Object(sent.payload["comment"]), performed_via_github_app: { id: app } };
    const sender = { login: "4711[bot]", type: "Bot" };
    await stage.github.redeliver({ ...sent, id: delivery, payload: { ...sent.payload, comment, sender } });
  };

  test("is heard when the settings name its id, and not for a login that looks like it", async () => {
    await stage.github.grant("otto", "read");
    await holds("permissions: {bots: [4711]}");
    const issue = await opened();

    await asApp(issue, 815, "another-app");
    expect(await queued()).toEqual([]);

    await asApp(issue, 4711, "named-app");
    expect(await queued()).toMatchObject([{ kind: "plan", trigger: { sender: "4711[bot]", app: 4711 } }]);
    await stage.work();
  });
});

describe("a run", () => {
  test.each<[string, string, { command?: string; body?: string; settings?: string; tree?: typeof project }]>([
    [
      "of a branch that is not there",
      "the branch does not exist",
      { command: "/copatcher fix base=nowhere" },
    ],
    ["of an issue without words", "the issue has no text", { body: "<!-- fill me in -->\n" }],
    ["under settings that are wrong", "the settings file is not valid", { settings: "limits: 3" }],
    [
      "of no language that it knows",
      "no supported language was found",
      { tree: { "README.md": "# Rates\n" } },
    ],
    ["that may open no pull request", "`pr.mode` is `never`", { settings: "pr: {mode: never}" }],
  ])("%s says why and what to do, and writes no branch", async (_, why, scene) => {
    const { command = "/copatcher fix", body, settings = "", tree } = scene;
    await holds(settings, tree);
    const before = await stage.repository.git("branch", "--list");

    const said = await answer(await opened(body), command);

    expect(said).toContain(why);
    expect(said).toContain("**Next step:**");
    expect(await stage.repository.git("branch", "--list")).toBe(before);
  });

  test("on an issue that is transferred is called off", async () => {
    const issue = await opened();
    await stage.github.comment(issue, "/copatcher fix", "wanda");

    const { status } = await stage.github.transferIssue(issue, "wanda");

    expect(status).toBe(200);
    expect(await queued()).toEqual([]);
    expect(await stage.runs.recent(1)).toMatchObject([
      { state: { at: "cancelled", by: "GitHub: its issue was transferred" } },
    ]);
  });
});

describe("a person's pull request", () => {
  test("whose changes are no text is not judged", async () => {
    const number = await stage.propose("linked", files("    return b + a"));
    await stage.repository.commit(asEntries({ ...project, notes: { link: "/etc/passwd" } }), "linked");

    const said = await answer(number, "/copatcher validate");

    expect(said).toContain("**Copatcher cannot judge this pull request:** it changes the symlink notes.");
  });

  test("that was rewritten to have nothing in common with its base branch is not judged", async () => {
    const number = await stage.propose("rewritten", files("    return b + a"));
    const alone = await stage.repository.commit(asEntries(files("    return b + a")), "unrelated");
    await stage.repository.git("update-ref", "refs/heads/rewritten", alone);

    const said = await answer(number, "/copatcher validate");

    expect(said).toContain("has no commit in common with its base branch");
  });
});
