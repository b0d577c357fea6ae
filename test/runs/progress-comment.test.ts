import { expect, test } from "vitest";
import { createProgressComment } from "../../src/runs/progress-comment.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { run } from "../report/fixtures.ts";

test("the comment says how long stages took, and is not written for that alone", async () => {
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
      return plain.upsertComment(...all);
    },
  };
  const deps = { clock, signal: new AbortController().signal, tools: { logger: createSilentLogger() } };
  const comment = createProgressComment(forge, { run, fence: 1 }, deps);

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
