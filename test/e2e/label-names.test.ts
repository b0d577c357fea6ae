import { afterAll, beforeAll, expect, test } from "vitest";
import { rememberedLabels } from "../../src/runs/label-names.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { makeBotWorld, type BotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { publishedFiles, publishNext } from "../fixtures/published-run.ts";

const repo = { owner: "acme", name: "rates" };
const settings = (text: string) => asEntries({ ...publishedFiles, ".github/copatcher.yml": text });

let world: BotWorld;
beforeAll(async () => {
  world = await makeBotWorld(
    settings(`
trigger: {label: Fix me}
labels: {queued: "bot: waits", pr_open: "bot: done", ignore: hands off}
`),
  );
});
afterAll(() => world.close());

const labels = async (issue: number) => {
  await world.painter.settled();
  return (await world.github.issue(issue)).labels;
};

test("the label that starts a run, and those that show it, have the names of the settings", async () => {
  const issue = await world.github.openIssue("Bug", "It breaks", "rita");
  await world.github.addLabel(issue, "copatcher", "wanda");
  await world.github.addLabel(issue, "copatcher: queued", "wanda");
  expect(await world.runs.recent(1)).toEqual([]);

  await world.github.addLabel(issue, "fix ME", "wanda");
  expect(await labels(issue)).toEqual(["copatcher", "bot: waits"]);

  await publishNext(world);
  expect(await labels(issue)).toEqual(["copatcher", "bot: done"]);
  const { data } = await world.client.rest.issues.getLabel({
    owner: "acme",
    repo: "rates",
    name: "bot: done",
  });
  expect(data.color).toBe("0e8a16");
});

test("an issue with the settings' own label is left alone, and the answer names it", async () => {
  const issue = await world.github.openIssue("Bug", "It breaks", "rita");
  await world.github.addLabel(issue, "Hands off", "wanda");

  await world.github.comment(issue, "/copatcher fix", "wanda");

  const answers = await world.github.comments(issue);
  expect(answers.at(-1)?.body).toContain("the label `hands off` keeps it away");
});

test("the sweep looks for the label of each repository, read anew every hour", async () => {
  const clock = createFixedClock();
  const labelOf = rememberedLabels({ forges: world.forges, clock, logger: createSilentLogger() });
  const { installationId } = world.github;
  expect(await labelOf(installationId, repo)).toBe("Fix me");
  await world.repository.commit(settings("trigger: {label: false}"));

  expect(await labelOf(installationId, repo)).toBe("Fix me");
  await clock.sleep(3_600_000);
  expect(await labelOf(installationId, repo)).toBeNull();
  await world.repository.commit(settings("trigger: {label: [not valid]}"));
  await clock.sleep(3_600_000);
  expect(await labelOf(installationId, repo)).toBe("copatcher");
});
