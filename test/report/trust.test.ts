import { describe, expect, test } from "vitest";
import type { Evidence } from "../../src/domain/evidence.ts";
import type { TestVerdict } from "../../src/domain/verdict.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { summarise } from "../../src/report/summary.ts";
import { terminalText } from "../../src/report/terminal.ts";
import { evidence, issue, judged, ordered, pocResult, proposed, run } from "./fixtures.ts";

const text = (result = proposed(), changed = issue) =>
  pullRequestText({ result, issue: changed, run, seconds: 200 });

describe("what speaks for or against the results", () => {
  const { baseline } = evidence;
  const ran = (changes: object) => (baseline.kind === "ran" ? { ...baseline, ...changes } : baseline);

  test("is whether a second run confirmed them", () => {
    const single = text(proposed({ baseline: ran({ withoutCanary: "the command is the project's own" }) }));

    expect(text().body).toContain(
      "still pass. A second run of them, in which a test of ours must fail, agrees.",
    );
    expect(single.body).toContain(
      "Seen in one run, without a second one to check it: the command is the project",
    );
  });

  test("leave out the tests that the patch edits, without a number that counts them", () => {
    const flags = [{ path: "tests/test_rates.py", line: null, text: "", meaning: "edits a test" }];
    const { body } = text(proposed({ flags }));

    expect(body).toContain("All other selected tests that passed before still pass");
    expect(body).not.toMatch(/All \d+ selected tests/);
  });

  test("is which runner really ran", () => {
    expect(text(proposed({ baseline: ran({ note: "pytest is not installed" }) })).body).toContain(
      "`python3 -m pytest tests/test_rates.py` (pytest is not installed)",
    );
  });

  test("are the lines that a fake would need", () => {
    const flags = [
      { path: "src/a b.py", line: 3, text: "os._exit(0) # `x`", meaning: "ends the process at once" },
    ];

    expect(text(proposed({ flags })).body).toContain(
      "### Look at these lines\n\nMost uses are honest, but test results can be faked with them.\n\n" +
        "- `src/a b.py:3` `` os._exit(0) # `x` ``: ends the process at once",
    );
    expect(text().body).not.toContain("Look at these lines");
  });

  type Ran = Extract<TestVerdict, { kind: "ran" }>;
  const tested = (changes: Partial<Ran>): Partial<Evidence> => {
    const [first] = ordered;
    if (first === undefined) throw new Error("fixture");
    const tests: TestVerdict = { kind: "ran", passed: 12, regressions: [], ...changes };
    const winner = { ...first, verdict: { ...first.verdict, tests } };
    return { ranking: { ordered: [winner], decidedBy: "only-candidate" } };
  };

  test("are tests of files that the patch edits which fail without the edit", () => {
    const altered = Array.from({ length: 12 }, (_, nth) => `t::${nth}`);
    const because = { kind: "not-run", because: "edits-tests", reason: "it edits them", altered } as const;
    const [first] = ordered;
    if (first === undefined) throw new Error("fixture");
    const winner = { ...first, verdict: { ...first.verdict, tests: because } };

    expect(text(proposed(tested({ altered: ["t::`a`"] }))).body).toContain(
      "- 1 test fails with this patch when the test files that it edits stay as they were; check that the issue asks for that: `` t::`a` ``.",
    );
    expect(text(proposed({ ranking: { ordered: [winner], decidedBy: "only-candidate" } })).body).toContain(
      "12 tests fail with this patch when",
    );
    expect(terminalText(proposed(tested({ altered })), 1)).toContain("t::9 and 2 more");
  });

  test("are tests that failed in some runs with the patch, by their names", () => {
    const { body } = text(proposed(tested({ flaky: ["t::`a`", "t::b"] })));

    expect(body).toContain(
      "### Look at the test runs\n\n- 2 tests failed in one run with this patch and not in another, although they passed in both runs without it: `` t::`a` ``, `t::b`.",
    );
    expect(text().body).not.toContain("Look at the test runs");
    expect(terminalText(proposed(tested({ flaky: ["t::b"] })), 1)).toContain(
      "Look at the tests: 1 test failed in one run",
    );
    expect(summarise(proposed(tested({ flaky: ["t::b"] })), 1).testDoubts).toEqual([
      expect.stringContaining("1 test failed in one run"),
    ]);
  });

  test("is a first run that could not be trusted, whatever the second said", () => {
    const reason = "the test run cannot be trusted: <b>a test of ours</b> was missing";
    const { body } = text(proposed(tested({ earlier: { kind: "untrusted", reason } }), "partial"));

    expect(body).toContain("A first check of this patch said otherwise, see below.");
    expect(body).not.toContain("must fail, agrees");
    expect(body).toMatch(
      /### Look at the test runs\n\n- At first the test run cannot be trusted: .*was missing/,
    );
    expect(body).not.toContain("<b>");
  });

  test("is a first run that crashed", () => {
    const earlier = { kind: "crashed" as const, reason: "the tests broke off (exit 139)" };

    expect(text(proposed(tested({ earlier }))).body).toContain("At first the tests broke off (exit 139)");
  });

  test("are the edits of tests that were left out", () => {
    const [first] = ordered;
    if (first === undefined) throw new Error("fixture");
    const winner = { ...first, candidate: { ...first.candidate, restored: ["tests/test_x.py"] } };
    const { body } = text(proposed({ ranking: { ordered: [winner], decidedBy: "only-candidate" } }));

    expect(body).toContain("The model also edited `tests/test_x.py`; those edits were left out");
  });

  test("is what no check can exclude", () => {
    expect(text().body).toContain("an object that is equal to everything");
    expect(text().body).toContain("nothing is merged automatically");
  });

  test("is a script that was ended from inside, and why another candidate is not trusted", () => {
    const reason = "code of the repository ended the process";
    const early = { ...pocResult("poc-1", "still-broken"), reason };
    const untrusted = {
      kind: "untrusted" as const,
      reason: "the test run cannot be trusted: x",
      regressions: ["t1"],
    };
    const winner = judged("c1", 5, [early, pocResult("poc-2", "fixed")]);
    const liar = judged("c2", 3, [pocResult("poc-1", "fixed")], untrusted);
    const { body } = text(
      proposed({ ranking: { ordered: [winner, liar], decidedBy: "regressions" } }, "partial"),
    );

    expect(body).toContain(`still broken: ${reason} |`);
    expect(body).toMatch(/\| `c2` \| 3 \| 2 \| its test run cannot be trusted \|/);
  });
});
