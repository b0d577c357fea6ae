import { describe, expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { RepairResult } from "../../src/domain/evidence.ts";
import { declinedText, failureText, progressText, proposedText } from "../../src/report/issue-comment.ts";
import { terminalText } from "../../src/report/terminal.ts";
import { withheldText } from "../../src/report/withheld.ts";
import { evidence, proposed, run } from "./fixtures.ts";

const declined = (explanation = "No script passes."): Extract<RepairResult, { kind: "declined" }> => ({
  kind: "declined",
  reason: "none-passes-poc",
  explanation,
  evidence,
});

describe("progress", () => {
  test("lists every stage with its latest news", () => {
    const body = progressText(run, [
      { stage: "generate", text: "old", done: 1, total: 20 },
      { stage: "checkout", text: "checked out", done: 1, total: 1 },
      { stage: "generate", text: "writing", done: 4, total: 20 },
    ]);

    expect(body).toContain("- [x] Check out (1 of 1): checked out");
    expect(body).toContain("- [ ] Write patches (4 of 20): writing");
    expect(body).toContain("- [ ] Open the pull request");
    expect(body).not.toContain("old");
  });

  test("says how many runs of the repository may work where that is limited, and what is before it", () => {
    const waiting = { id: "r", kind: "repair", state: { at: "queued" } } as const;

    const body = progressText(waiting, [], { ahead: 2, atOnce: 1 });

    expect(body).toContain(
      "a worker is free and 2 runs before it have begun. The limit of this repository is 1 run at a time",
    );
    expect(progressText(waiting, [], { ahead: 0, atOnce: Infinity })).not.toContain("concurrent_runs");
  });

  test("says how long a stage took, or takes so far, and ticks what has ended", () => {
    const body = progressText(run, [
      { stage: "checkout", text: "read", took: { seconds: 0, ended: true } },
      { stage: "localize", text: "locating", done: 2, total: 2, took: { seconds: 80, ended: true } },
      { stage: "generate", text: "writing", done: 4, total: 20, took: { seconds: 45, ended: false } },
    ]);

    expect(body).toContain("- [x] Check out: read\n");
    expect(body).toContain("- [x] Find the place (2 of 2): locating · 1 min 20 s\n");
    expect(body).toContain("- [ ] Write patches (4 of 20): writing · 45 s so far\n");
  });

  test("says when the run waits for a worker", () => {
    expect(progressText({ id: "r", kind: "repair", state: { at: "queued" } }, [])).toContain(
      "Copatcher is queued",
    );
  });
});

describe("the last comment", () => {
  test("of a proposal links the pull request and repeats the verdict", () => {
    const refused = { reviewers: ["bob"], labels: [] };
    const pull = { number: 9, draft: true, undrafted: false, verified: false, checked: true, refused };
    const body = proposedText(run, proposed(), pull, 61);

    expect(body).toContain("opened a draft pull request: #9, after 1 min 1 s.");
    expect(body).toContain("**Validated.**");
    expect(body).toContain("does not show its commit as verified");
    expect(body).toContain("GitHub refused what the settings ask for: a review by `bob`.");
    expect(body).not.toContain("checks: write");
    expect(body).not.toContain("should be a draft");
  });

  test("of a decline says why, what was tried and what would help", () => {
    const body = declinedText(run, declined(), 30);

    expect(body).toContain(
      "**Copatcher proposes nothing: no patch makes the issue go away.** No script passes.",
    );
    expect(body).toContain("Tried: 20 samples, 3 rejected before any run, 3 distinct patches checked");
    expect(body).toContain("**Next step:** check the scripts below");
    expect(body).toContain("The best patch, not proposed");
  });

  test("of a decline without any candidate has no empty parts", () => {
    const body = declinedText(
      run,
      {
        ...declined(),
        reason: "no-candidate",
        evidence: { ...evidence, ranking: { ordered: [], decidedBy: null } },
      },
      30,
    );

    expect(body).not.toContain("best patch");
    expect(body).not.toMatch(/\n{3}/);
  });

  test.each([
    [{ kind: "forbidden" }, "`pr.mode` is `never`"],
    [{ kind: "dry-run" }, "`dry_run` is `true`"],
    [{ kind: "not-reproduced" }, "no script fails on the base commit and passes with the patch"],
    [{ kind: "rejected", message: "no `main` for @you" }, "it was refused: ``no `main` for @you``. It took"],
    [{ kind: "others-work", numbers: [3] }, "meanwhile #3 says to be about this issue"],
  ] as const)("of a withheld proposal carries the patch and the reason: %j", (why, because) => {
    const body = withheldText(run, proposed(), 5, why);

    expect(body).toContain("```diff\ndiff --git a/src/rates.py");
    expect(body).toContain(because);
  });

  test("of a withheld proposal leaves out a patch that is too long", () => {
    const { winner, ...result } = proposed();
    const body = withheldText(run, { ...result, winner: { ...winner, patch: "+x\n".repeat(30_000) } }, 5, {
      kind: "dry-run",
    });

    expect(body.length).toBeLessThan(58_000);
    expect(body).toContain("_Left out because of GitHub's size limit: patch._");
  });

  test("of a failure names the cause and the next step and quotes the detail as code", () => {
    const body = failureText(run, new RepairError("sandbox-unavailable", "no `docker` for @you"));

    expect(body).toContain("**Copatcher stopped: no sandbox is available.**");
    expect(body).toContain("``no `docker` for @you``");
    expect(body).toContain("**Next step:** Start a Docker engine");
  });

  test("of the bot's own failure keeps paths and addresses of its machine to the log", () => {
    const body = failureText(run, new RepairError("internal", "ENOENT: /var/lib/copatcher/store"));

    expect(body).toContain("**Copatcher stopped: copatcher itself failed.**");
    expect(body).toContain("in the bot's log");
    expect(body).not.toContain("/var/lib");
  });

  test("stays below GitHub's limit and mentions nobody, whatever the explanation holds", () => {
    const body = declinedText(run, declined("@everyone #1 ".repeat(20_000)), 30);

    expect(body.length).toBeLessThan(58_000);
    expect(body).not.toMatch(/@everyone|#1/);
  });
});

describe("the terminal text", () => {
  test("shows scripts, tests, candidates and the patch of a proposal", () => {
    const text = terminalText(proposed(), 12);

    expect(text).toContain("Validated: src/rates.py");
    expect(text).toContain("poc-1 (asserting): exit 1 -> exit 0, fixed");
    expect(text).toContain("Tests: 12 passed and 1 failed before, 0 new failures");
    expect(text).toContain("c2  3 votes, 2 lines: 1 script still shows the issue");
    expect(text).toContain("rejected 2: SEARCH text not found");
    expect(text).toContain("+a = 2");
    expect(text).toContain("Took 12 s");
  });

  test("of a decline gives the reason and the next step", () => {
    const text = terminalText(declined(), 12);

    expect(text).toMatch(/^Nothing proposed: no patch makes the issue go away\. No script passes\./);
    expect(text).toContain("best, not proposed");
    expect(text).toContain("Next step: check the scripts below");
  });

  test("cannot steer the terminal", () => {
    expect(terminalText(declined("\u001b]0;evil\u0007"), 1)).toContain("<U+001B>]0;evil<U+0007>");
  });
});
