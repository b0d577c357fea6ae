import { expect, test } from "vitest";
import { createProgressComment } from "../../src/runs/progress-comment.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { run } from "../report/fixtures.ts";

/** A comment whose edits take `editMs` each; `written` has the texts as they are begun. */
function world(editMs = 0) {
  const forges = createRecordingForge({
    issues: [run.issue],
    branch: null,
    source: { kind: "local", directory: "/none" },
    permissions: {},
  });
  const clock = createFixedClock();
  const written: string[] = [];
  const plain = forges.forInstallation(1);
  const forge = {
    ...plain,
    upsertComment: async (...all: Parameters<typeof plain.upsertComment>) => {
      written.push(all[2]);
      if (editMs > 0) await clock.sleep(editMs);
      return plain.upsertComment(...all);
    },
  };
  const deps = { clock, signal: new AbortController().signal, tools: { logger: createSilentLogger() } };
  return { clock, written, forges, comment: createProgressComment(forge, { run, fence: 1 }, deps) };
}

test("the comment says how long stages took, and is not written for that alone", async () => {
  const { clock, written, comment } = world();

  comment.report({ stage: "checkout", text: "reading the repository" });
  await clock.sleep(80_000);
  comment.report({ stage: "localize", text: "locating files", done: 0, total: 4 });
  await clock.sleep(5_000);
  comment.report({ stage: "localize", text: "locating files", done: 1, total: 4 });
  await clock.sleep(40_000);
  comment.report({ stage: "localize", text: "locating files", done: 2, total: 4 });
  await comment.settle();

  expect(written).toHaveLength(3);
  expect(written.at(-1)).toContain("- [x] Check out: reading the repository · 1 min 20 s\n");
  expect(written.at(-1)).toContain("- [ ] Find the place (2 of 4): locating files · 45 s so far\n");
});

test("edits that take longer than progress do not pile up, and the last word does not wait for them", async () => {
  const { clock, written, forges, comment } = world(60_000);
  for (let done = 0; done < 60; done += 1) {
    comment.report({ stage: "localize", text: "locating files", done, total: 60 });
    await clock.sleep(10_000);
  }
  const [before, ended] = [written.length, clock.now()];

  await comment.finish("It is done.");

  expect(before).toBeLessThanOrEqual(10);
  expect(written.slice(before)).toEqual(["It is done."]);
  expect(clock.now() - ended).toBeLessThanOrEqual(120_000);
  expect(forges.comments.map(({ body }) => body)).toEqual([expect.stringContaining("It is done.")]);
});

test("an edit that had to wait says what is new when its turn comes", async () => {
  const { clock, written, comment } = world(25_000);
  for (const done of [1, 2, 3]) {
    comment.report({ stage: "localize", text: "locating files", done, total: 4 });
    await clock.sleep(10_000);
  }
  await clock.sleep(60_000);

  expect(written).toHaveLength(2);
  expect(written.at(-1)).toContain("(3 of 4)");
});

test("nothing is begun any more once the comment is settled", async () => {
  const { clock, written, comment } = world(25_000);
  comment.report({ stage: "checkout", text: "reading the repository" });
  await clock.sleep(10_000);
  comment.report({ stage: "localize", text: "locating files" });

  await comment.settle();

  expect(written).toHaveLength(1);
});
