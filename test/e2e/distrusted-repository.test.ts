import { expect, test } from "vitest";
import type { Calibration } from "../../src/domain/calibration/calibration.ts";
import { fitted } from "../../src/domain/calibration/fitted.ts";
import { correctedFor, repositoryCorrection } from "../../src/domain/calibration/repository-correction.ts";
import { makeBotWorld } from "../fixtures/bot-world.ts";
import { asEntries } from "../fixtures/make-repository.ts";
import { publishedFiles, publishNext } from "../fixtures/published-run.ts";

const decided: Calibration = { ...fitted, undecided: null };
const strong = { samples: 10, votes: 6, rivalVotes: 2, scriptsFixed: 2, scriptsBroken: 0, testsHold: true };

test("a validated patch is a draft where people closed pull requests with as much evidence, and says why", async () => {
  const closed = Array.from({ length: 12 }, () => ({ signals: strong, right: false }));
  const distrusting = correctedFor(repositoryCorrection(closed, decided), decided);
  const world = await makeBotWorld(asEntries(publishedFiles));
  const pulls = [];
  for (const calibration of [decided, distrusting]) {
    const issue = await world.github.openIssue("Bug", "It breaks", "rita");
    await world.github.addLabel(issue, "copatcher", "wanda");
    pulls.push((await publishNext(world, "validated", null, calibration)).pull);
  }
  await world.close();

  expect(pulls.map(({ draft }) => draft)).toEqual([false, true]);
  expect(pulls[0]?.body).toMatch(/whose fix is known\.\s/);
  expect(pulls[1]?.body).toMatch(
    /of 12 pull requests of this repository, of which 0 were merged unchanged\. That is less than a ready pull request asks for\./,
  );
});
