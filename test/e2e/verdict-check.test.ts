import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { publishedFiles, publishNext } from "../fixtures/published-run.ts";

let world: BotWorld;
let issue: number;
let published: Awaited<ReturnType<typeof publishNext>>;
/** The verdict's check. */
let check: number;
beforeAll(async () => {
  world = await makeBotWorld(asEntries(publishedFiles));
  issue = await world.github.openIssue("Bug", "It breaks", "rita");
  await world.github.addLabel(issue, "copatcher", "wanda");
  published = await publishNext(world);
  check = world.github.checks()[0]?.id ?? 0;
});
beforeEach(async () => {
  for (const { id } of await world.runs.live({ repo: { owner: "acme", name: "rates" }, number: issue }))
    await world.runs.requestCancel(id, "the next test");
});
afterAll(() => world.close());

const said = async () => (await world.github.comments(issue)).map(({ body }) => body).join("\n");
const runs = () => world.runs.recent(100);
/** What `work` adds to the runs. */
async function added(work: () => Promise<unknown>) {
  const before = (await runs()).length;
  await work();
  const after = await runs();
  return after.slice(0, after.length - before);
}

test("the commit of a patch carries its verdict with the pull request's table", () => {
  const { pull } = published;

  expect(world.github.checks()).toMatchObject([
    {
      name: "copatcher / validation",
      headSha: pull.headSha,
      conclusion: "success",
      title: "Validated",
      actions: ["rerun", "add-test", "cancel"],
    },
  ]);
  const rows =
    world.github
      .checks()[0]
      ?.summary.split("\n")
      .filter((line) => line.startsWith("|")) ?? [];
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(pull.body).toContain(row);
});

test("publishing twice, as after a crash, leaves one check", async () => {
  await published.publish().catch(() => undefined);

  expect(world.github.checks()).toHaveLength(1);
});

test("Run again starts a run with the issue as it was, once for each press", async () => {
  const [again, ...others] = await added(async () => {
    const pressed = await world.github.pressAction(check, "rerun", "wanda");
    await world.github.redeliver(pressed);
  });

  expect(again).toMatchObject({
    issue: published.run.issue,
    state: { at: "queued" },
    trigger: { kind: "command", sender: "wanda" },
  });
  expect(others).toEqual([]);
});

test("GitHub's own re-run does the same", async () => {
  const made = await added(() => world.github.rerunCheck(check, "ada"));

  expect(made).toMatchObject([{ kind: "repair", state: { at: "queued" } }]);
});

test("Run again by someone who may not is refused on the issue", async () => {
  expect(await added(() => world.github.pressAction(check, "rerun", "rita"))).toEqual([]);
  expect(await said()).toContain("rita");
});

test("Cancel ends the run that is under way", async () => {
  await world.github.pressAction(check, "rerun", "wanda");

  await world.github.pressAction(check, "cancel", "wanda");

  expect((await runs())[0]).toMatchObject({ state: { at: "cancelled", by: "wanda" } });
  expect(await said()).toContain("cancelled by wanda");
});

test.each(["merge", "constructor", ""])("a button that nobody made (%j) does nothing", async (identifier) => {
  const before = await said();

  const made = await added(() => world.github.pressAction(check, identifier, "wanda"));

  expect(made).toEqual([]);
  expect(await said()).toBe(before);
});

test("a check whose run is forgotten, and one of another installation, do nothing", async () => {
  const pressed = await world.github.pressAction(check, "merge", "wanda");
  const press = (id: string, change: object) =>
    world.github.redeliver({
      ...pressed,
      id,
      payload: { ...pressed.payload, requested_action: { identifier: "rerun" }, ...change },
    });

  const made = await added(async () => {
    await press("forgotten", { check_run: { external_id: "validation:run-99", head_sha: "a" } });
    await press("elsewhere", { installation: { id: 1 } });
  });

  expect(made).toEqual([]);
});

test("settings are checked again when somebody asks for it", async () => {
  await world.repository.git("branch", "settings", "main");
  const files = { ...publishedFiles, ".copatcher.yml": "enabled: 1\n" };
  await world.repository.commit(asEntries(files), "settings");
  await world.github.openPullRequest("settings", "main", "Settings", "wanda");
  const settings = world.github.checks().at(-1);

  const { status } = await world.github.rerunCheck(settings?.id ?? 0, "rita");

  expect(status).toBe(200);
  expect(world.github.checks().slice(1)).toMatchObject([
    { name: "copatcher / config", conclusion: "failure" },
  ]);
});
