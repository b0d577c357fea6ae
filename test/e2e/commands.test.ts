import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { FeedbackAsk } from "../../src/runs/record-feedback.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";

const settings = "limits:\n  minutes: 30\n";

let world: BotWorld;
let issue: number;
const feedback: FeedbackAsk[] = [];
beforeAll(async () => {
  world = await makeBotWorld(
    asEntries({ "README.md": "# Rates\n", "src/a.py": "A = 1\n", ".github/copatcher.yml": settings }),
    { recordFeedback: (ask) => Promise.resolve(feedback.push(ask) > 0) },
  );
});
afterAll(() => world.close());
beforeEach(async () => {
  issue = await world.github.openIssue("Rates are wrong", "rate(1) is 2", "rita");
  feedback.length = 0;
});

/** Somebody says it on the issue; gives what the bot answered, and its face on the comment. */
async function say(body: string, sender = "wanda", on = issue) {
  const { status } = await world.github.comment(on, body, sender);
  expect(status).toBe(200);
  const comments = await world.github.comments(on);
  const said = comments.findLast((comment) => comment.body === body.trim() || comment.body === body);
  return {
    answers: comments.filter(({ author }) => author.endsWith("[bot]")).map((comment) => comment.body),
    faces: world.github.reactions(`issues/comments/${said?.id ?? 0}`),
  };
}
const runs = async () => (await world.runs.recent(50)).filter(({ issue: of }) => of.ref.number === issue);

test("fix starts a run with its options and the text below as a hint", async () => {
  const { answers, faces } = await say("/copatcher fix path=src/\nlook at rate()");

  expect(await runs()).toMatchObject([
    { kind: "repair", path: "src", hint: "look at rate()", trigger: { kind: "command", sender: "wanda" } },
  ]);
  expect(answers).toEqual([expect.stringContaining("**Copatcher is queued.**")]);
  expect(faces).toEqual(["eyes"]);
});

test.each([
  ["/copatcher plan", "plan"],
  ["/copatcher repro", "reproduction"],
  ["/copatcher env check", "environment-check"],
])("%s starts a run of its own kind, and triage is enough", async (body, kind) => {
  await say(body, "tom");

  expect(await runs()).toMatchObject([{ kind, state: { at: "queued" } }]);
});

test("an environment check may be for one project", async () => {
  await say("/copatcher env check path=src/", "tom");

  expect(await runs()).toMatchObject([{ kind: "environment-check", path: "src" }]);
});

test("a second request while the first is under way is answered and starts nothing", async () => {
  await say("/copatcher fix");

  const { answers } = await say("/copatcher fix");

  expect(answers.at(-1)).toContain("A run for this issue is already under way");
  expect(await runs()).toHaveLength(1);
});

test("a mention of the App is a command", async () => {
  await say(`@${world.github.appSlug} fix`);

  expect(await runs()).toHaveLength(1);
});

test("retry starts a new attempt that judges the earlier run's samples anew", async () => {
  await say("/copatcher fix path=src\nfirst hint");
  const [first] = await runs();
  await say("/copatcher cancel");

  await say("/copatcher retry from=validate");

  const [again] = await runs();
  expect(again).toMatchObject({ attempt: 2, judges: first?.id, path: "src", hint: "first hint" });
});

test("retry without a run says so", async () => {
  const { answers, faces } = await say("/copatcher retry");

  expect(answers).toEqual([expect.stringContaining("There is no run of this issue to try again.")]);
  expect(faces).toEqual(["eyes", "confused"]);
});

test.each(["cancel", "stop"])("%s ends a queued run, and whoever asked for it may say it", async (verb) => {
  await say("/copatcher plan", "tom");

  const { answers } = await say(`/copatcher ${verb}`, "tom");

  expect(await runs()).toMatchObject([{ state: { at: "cancelled", by: "tom" } }]);
  expect(answers).toEqual([expect.stringContaining("cancelled by tom")]);
});

test("cancel without a run says so", async () => {
  const { answers, faces } = await say("/copatcher cancel");

  expect(answers).toEqual([expect.stringContaining("There is no run to cancel here")]);
  expect(faces).toEqual(["eyes", "confused"]);
});

test("status shows the run and where it is, to anybody who may read", async () => {
  await say("/copatcher fix");

  const { answers } = await say("/copatcher status", "rita");

  expect(answers.at(-1)).toMatch(/\| `[^`]+` \(repair\) \| queued, \d+ runs? before it \| wanda \|/);
});

test("status without a run says so", async () => {
  expect((await say("/copatcher status")).answers).toEqual([
    expect.stringContaining("No run of Copatcher is known here."),
  ]);
});

test("config shows the settings that hold, and who says each", async () => {
  const { answers } = await say("/copatcher config", "rita");

  expect(answers[0]).toContain("| `limits.minutes` | `30` | repository |");
  expect(answers[0]).toContain("What nobody says");
});

test("help is the grammar", async () => {
  const { answers, faces } = await say("/copatcher help", "rita");

  expect(answers[0]).toContain("`/copatcher repro` only tries to reproduce the issue");
  expect(faces).toEqual(["eyes"]);
});

test.each(["good", "bad"] as const)("%s on a pull request is kept with its reason", async (rating) => {
  const pull = await openPullRequest(`rated-${rating}`);

  const { answers } = await say(`/copatcher ${rating}\nbecause of the test`, "rita", pull);

  expect(feedback).toMatchObject([
    {
      number: pull,
      feedback: { what: "rated", rating, text: "because of the test", by: "rita" },
    },
  ]);
  expect(answers).toEqual([expect.stringContaining(`judged ${rating}`)]);
});

test.each([
  ["fix", "tom", "triage", "write"],
  ["plan", "rita", "read", "triage"],
  ["repro", "rita", "read", "triage"],
  ["env check", "rita", "read", "triage"],
  ["cancel", "rita", "read", "triage"],
  ["stop", "rita", "read", "triage"],
  ["retry", "tom", "triage", "write"],
])("%s by somebody with too little access starts nothing and says what it takes", async (...of) => {
  const [verb, sender, has, needs] = of;
  await say("/copatcher fix");

  const { answers, faces } = await say(`/copatcher ${verb}`, sender);

  expect(await runs()).toMatchObject([{ state: { at: "queued" } }]);
  expect(answers.at(-1)).toContain(`\`${sender}\` has \`${has}\` access`);
  expect(answers.at(-1)).toContain(`takes \`${needs}\` access`);
  expect(faces).toEqual(["eyes", "confused"]);
});

test.each([
  ["/copatcher dance", "does not know the command `dance`"],
  ["/copatcher fix speed=11", "the option `speed=11` is wrong"],
  ["/copatcher validate", "`/copatcher validate` is for pull requests"],
])("%j is answered once, with a confused face, and starts nothing", async (body, text) => {
  const { answers, faces } = await say(body);

  expect(answers).toEqual([expect.stringContaining(text)]);
  expect(faces).toEqual(["confused"]);
  expect(await runs()).toEqual([]);
});

test("fix on a pull request says where it belongs", async () => {
  const pull = await openPullRequest("a-fix");

  const { answers } = await say("/copatcher fix", "wanda", pull);

  expect(answers).toEqual([expect.stringContaining("`/copatcher fix` is for issues")]);
});

test("of two hundred commands in one comment the first counts", async () => {
  await say("/copatcher status\n".repeat(200));

  expect(await world.github.comments(issue)).toHaveLength(2);
});

async function openPullRequest(branch: string): Promise<number> {
  await world.repository.git("branch", branch, "main");
  await world.repository.commit(asEntries({ "README.md": `# ${branch}\n` }), branch);
  await world.github.openPullRequest(branch, "main", branch, "wanda");
  return (await world.github.pullRequests()).find(({ head }) => head === branch)?.number ?? 0;
}

test("ticking cancel on the progress comment is that command, of whoever ticks it", async () => {
  await say("/copatcher fix");
  const progress = (await world.github.comments(issue)).find(({ author }) => author.endsWith("[bot]"));

  const { status } = await world.github.tickComment(issue, progress?.id ?? 0, "control=cancel", "wanda");

  expect(status).toBe(200);
  expect(await runs()).toMatchObject([{ state: { at: "cancelled", by: "wanda" } }]);
});

test("a tick by somebody with too little access changes nothing", async () => {
  await say("/copatcher fix");
  const progress = (await world.github.comments(issue)).find(({ author }) => author.endsWith("[bot]"));

  await world.github.tickComment(issue, progress?.id ?? 0, "control=cancel", "rita");

  expect(await runs()).toMatchObject([{ state: { at: "queued" } }]);
});

test("a checkbox in a person's comment is no control", async () => {
  await say("/copatcher fix");
  await say("- [ ] <!-- copatcher:control=cancel -->Cancel", "wanda");
  const copied = (await world.github.comments(issue)).findLast(({ author }) => author === "wanda");

  await world.github.tickComment(issue, copied?.id ?? 0, "control=cancel", "wanda");

  expect(await runs()).toMatchObject([{ state: { at: "queued" } }]);
});

test("an issue with the label `copatcher: ignore` is left alone, and the answer says so", async () => {
  await world.github.addLabel(issue, "copatcher: ignore", "wanda");

  const { answers } = await say("/copatcher fix");

  expect(answers).toEqual([expect.stringContaining("`copatcher: ignore` keeps it away")]);
  expect(await runs()).toEqual([]);
});
