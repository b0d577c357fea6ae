import { describe, expect, test } from "vitest";
import { promptsHash } from "../../src/domain/provenance.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { evidence, exited, issue, judged, ordered, pocResult, proposed, run } from "./fixtures.ts";

const text = (result = proposed(), changed = issue) =>
  pullRequestText({ result, issue: changed, run, seconds: 200 });

/** Without code blocks and inline code: what GitHub scans for mentions, references and HTML. */
const active = (markdown: string): string =>
  markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "").replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, "");

test("says when nobody read the middle of a long issue", () => {
  const long = { ...issue, body: "word ".repeat(12_000) };

  expect(text(proposed(), long).body).toContain("The middle of the issue's description");
  expect(text().body).not.toContain("The middle of the issue's description");
});

test("red tests before the patch are not called passing", () => {
  const { baseline } = evidence;
  const red = baseline.kind === "ran" ? { ...baseline, passing: [] } : baseline;

  expect(text(proposed({ baseline: red }, "partial")).body).toContain("the tests show nothing");
});

test("names each place at which a line that it changes stands as it was", () => {
  const [line, mended] = ["weight = max(`a`, lowest)", "weight = min(`a`, lowest)"];
  const before = `if a:\n    ${line}\nelse:\n    ${line}\n`;
  const change = { path: "src/rates.py", before, after: before.replace(line, mended) };
  const { winner, ...result } = proposed();

  expect(text({ ...result, winner: { ...winner, changes: [change] } }).body).toContain(
    "- `src/rates.py:4` is ``weight = max(`a`, lowest)`` as well, which the patch changes elsewhere in this file: here it was left as it is.",
  );
  expect(text().body).not.toContain("left as it is");
});

describe("a validated patch", () => {
  test("closes its issue when merged", () => {
    expect(text().body).toMatch(/^Fixes #7\. Requested by `alice`\./);
    expect(text().commitMessage).toContain("\n\nFixes #7\n\n");
    expect(text().title).toBe("fix: Rates are wrong for zero weight");
  });

  test("states what was executed", () => {
    const { body } = text();

    expect(body).toContain(
      "**Validated.** 2 scripts reproduce the issue on the base commit; with this patch 2 of 2 no longer show it. All 12 selected tests that passed before still pass.",
    );
    expect(body).toContain("| `poc-1` (asserting) | exit 1 | exit 0 | fixed |");
    expect(body).toContain("| `poc-2` (printing) | exit 0 | exit 0 | fixed (judged by a model) |");
    expect(body).toContain("| Tests | 12 passed, 1 failed | 12 passed | 0 new failures |");
  });

  test("shows scripts in the project's language and how to repeat them there", () => {
    const scripts = { fence: "javascript", repeat: "run `node poc.mjs`" };
    const { body } = text(proposed({ scripts }));

    expect(body).toContain("```javascript\n");
    expect(body).toContain("To repeat it, run `node poc.mjs`");
    expect(body).not.toContain("```python");
  });

  test("shows each script with its output before and after", () => {
    const { body } = text();

    expect(body).toContain("```python\nassert rate(0) == 0\n```");
    expect(body).toContain("```text\nAssertionError\n```");
    expect(body).toContain("```text\nafter poc-1\n```");
  });

  test("says how it was chosen and why the others lost", () => {
    const { body } = text();

    expect(body).toContain("5 of 20 samples agree on this patch; 3 distinct patches were checked.");
    expect(body).toContain("makes more scripts pass");
    expect(body).toContain("`src/rates.py` (+1 −1)");
    expect(body).toMatch(/\| `c2` \| 3 \| 2 \| 1 script still shows the issue \|/);
    expect(body).toMatch(/\| `c3` \| 9 \| 2 \| breaks 1 test \|/);
    expect(body).toMatch(/\| SEARCH text not found \| 2 \| no place \|/);
  });

  test("names what was not verified", () => {
    const { body } = text();

    expect(body).toContain("### Not verified, please check");
    expect(body).toContain("1 result above is a model's reading");
    expect(body).toContain("1 test failed before the patch already");
    expect(body).toContain("1 script never reproduced the issue");
  });

  test("carries its provenance and can be found again", () => {
    const { body, branch } = text();

    expect(branch).toBe("copatcher/issue-7");
    expect(body).toContain("run `run-1`, attempt 2");
    expect(body).toContain(evidence.baseSha);
    expect(body).toContain("- Duration: `3 min 20 s`");
    expect(body).toMatch(/<!-- copatcher:v1 run=run-1 issue=7 -->$/);
    expect(text().commitMessage).toContain(
      "Copatcher-Run: run-1\nCo-authored-by: alice <alice@users.noreply",
    );
  });
});

describe("the provenance", () => {
  const folded = (result = proposed()) =>
    /<summary>How it was made<\/summary>\n\n([\s\S]*?)\n\n<\/details>/.exec(text(result).body)?.[1] ?? "";

  test("names weights, hashes, image and what it cost, folded", () => {
    const { provenance } = evidence;

    expect(folded().split("\n")).toEqual([
      `- Base: \`${evidence.baseSha}\``,
      "- Models: `loc-gen: Co-PatcheR-Loc-Gen-14B (weights UCSB-SURFI/Co-PatcheR-Loc-Gen-14B@3f9c21d07a44)`",
      `- Settings, as sha256: \`${provenance.settings.slice(0, 16)}\``,
      `- Prompts, as sha256: \`${promptsHash(provenance).slice(0, 16)}\``,
      `- Image: \`${provenance.image}\``,
      "- Tokens: `1000 in, 200 out`",
      "- Model time: `12 min 34 s, the sum of what each answer took`",
      "- Sandbox: `Docker, no network`",
      "- Duration: `3 min 20 s`",
    ]);
  });

  test("says nothing of weights that no server names, nor of an image where there is none", () => {
    const facts = folded(proposed({ provenance: { ...evidence.provenance, weights: {}, image: null } }));

    expect(facts).toContain("- Models: `loc-gen: Co-PatcheR-Loc-Gen-14B`\n");
    expect(facts).not.toContain("Image");
  });

  test("another prompt is another hash", () => {
    const other = { prompts: { generate: "0".repeat(64) } };

    expect(promptsHash(other)).not.toBe(promptsHash(evidence.provenance));
  });
});

describe("a patch that is not validated", () => {
  test.each(["tests-only", "partial", "unverified"] as const)(
    "at level %s only refers to its issue",
    (level) => {
      const { body, commitMessage, title } = text(proposed({}, level));

      expect(body).toMatch(/^Refs #7/);
      expect(body + commitMessage + title).not.toMatch(/Fixes #7/);
      expect(title).toMatch(/\((?:not reproduced|partly validated|unverified)\)$/);
    },
  );

  test("says that nothing reproduced the issue and that no test was run", () => {
    const winner = judged("c1", 5, [], { kind: "not-run", because: "no-baseline", reason: "no tests found" });
    const { body } = text(
      proposed(
        {
          pocs: [],
          baseline: { kind: "none", reason: "no tests found" },
          candidates: [winner.candidate],
          ranking: { ordered: [winner], decidedBy: "only-candidate" },
        },
        "unverified",
      ),
    );

    expect(body).toContain("No script reproduced the issue, so nothing shows that this patch fixes it.");
    expect(body).toContain("The repository's tests were not run.");
    expect(body).toContain("| Tests | not run | not run | no tests found |");
    expect(body).not.toContain("other candidate");
  });

  test("lists its new test failures", () => {
    const { body } = text(
      proposed({ ranking: { ordered: ordered.slice(2), decidedBy: "only-candidate" } }, "partial"),
    );

    expect(body).toContain("| 1 new failure |");
    expect(body).toContain("New failures: `tests/test_rates.py::test_zero`");
    expect(body).toContain("1 test that passed before does not pass now.");
  });

  test("counts scripts that still fail and unclear ones", () => {
    const winner = judged("c1", 5, [pocResult("poc-1", "still-broken"), pocResult("poc-2", "inconclusive")]);
    const { body } = text(
      proposed({ ranking: { ordered: [winner], decidedBy: "only-candidate" } }, "partial"),
    );

    expect(body).toContain("with this patch 0 of 2 no longer show it, 1 still does, 1 inconclusive.");
  });
});

describe("hostile text", () => {
  const evil =
    "@everyone fixes #1 </details><script> ![x](http://evil) ``` | https://github.com/o/r/issues/2 <!-- ";

  test("in issue, outputs, paths, reasons and names stays text", () => {
    const [poc] = evidence.pocs;
    if (poc === undefined) throw new Error("fixture");
    const { body, title, commitMessage } = text(
      proposed({
        pocs: [
          { ...poc, id: evil, source: `${evil}\n\`\`\`\`\n${evil}`, baseline: exited(1, `${evil}\n${evil}`) },
        ],
        rejected: [{ sample: "s", reason: "unsafe-path", detail: evil }],
        failedPocs: [{ id: "f", kind: "printing", attempts: 1, reason: evil }],
        locations: [{ path: evil, range: { first: 1, last: 2 }, votes: 1 }],
        sandbox: evil,
        models: { "loc-gen": evil },
        provenance: { ...evidence.provenance, weights: { "loc-gen": evil }, image: evil },
      }),
      { ...issue, title: evil },
    );

    expect(active(body)).not.toMatch(/@everyone|#1\b|<script|!\[|:\/\//);
    expect(title).not.toMatch(/@everyone|#1\b|:\/\//);
    expect(commitMessage).not.toMatch(/@everyone|#1\b|:\/\//);
    expect(active(body).match(/<details>/g)?.length).toBe(active(body).match(/<\/details>/g)?.length);
    // its own marker and the checkbox
    expect(active(body).match(/<!--/g)?.length).toBe(2);
    expect(title).not.toContain("\n");
  });

  test("in the sender's name does not reach a trailer", () => {
    const sender = "x <x@y>\nSigned-off-by: boss";
    const { commitMessage } = pullRequestText({
      result: proposed(),
      issue,
      run: { ...run, trigger: { ...run.trigger, sender } },
      seconds: 1,
    });

    expect(commitMessage).not.toContain("Signed-off-by");
    expect(commitMessage).not.toContain("Co-authored-by");
  });

  test("of any length leaves the body below GitHub's limit", () => {
    const long = "x@y `\n".repeat(40_000);
    const many = Array.from({ length: 3 }, (_, i) =>
      judged(`c${i}`, 1, [pocResult("poc-1", "fixed")], undefined, long),
    );
    const { body, title } = text(
      proposed({
        pocs: evidence.pocs.map((poc) => ({ ...poc, source: long, baseline: exited(1, long, long) })),
        rejected: Array.from({ length: 60 }, (_, i) => ({
          sample: String(i),
          reason: "unsafe-path" as const,
          detail: long,
        })),
        ranking: { ordered: many, decidedBy: "votes" },
        sandbox: long,
        baseline: { kind: "none", reason: long },
      }),
      { ...issue, title: long },
    );

    expect(body.length).toBeLessThanOrEqual(58_000);
    expect(body).toContain("### Not verified, please check");
    expect(body).toMatch(/issue=7 -->$|size limit/);
    expect(title.length).toBeLessThan(200);
  });
});
