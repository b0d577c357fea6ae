import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGit } from "../../src/demo/github/git.ts";
import { lastLine } from "../fixtures/run-source.ts";
import {
  answersBySample,
  DemoJson,
  generatedBeforeTheCrash,
  repliesWithoutTheFix,
  runDemo,
  type DemoRun,
} from "./demo-run.ts";

const slow = 150_000;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copatcher-demo-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const stored = (run: DemoRun, name: string): Promise<string> => readFile(join(run.directory, name), "utf8");

describe("the demo", () => {
  let run: DemoRun;
  beforeAll(async () => {
    run = await runDemo(join(directory, "plain"), ["--json"]);
  }, slow);

  test("ends with one JSON object that has the promised names", () => {
    expect(DemoJson.parse(lastLine(run))).toEqual(run.json);
    expect(run.json.run).toMatchObject({ state: "proposed", candidates: 20, classes: 4, votes: 7 });
  });

  test("opens one pull request from the bot's branch", () => {
    expect(run.json.pullRequests).toBe(1);
    expect(run.json.pullRequest).toMatchObject({ draft: false, head: "copatcher/issue-1", base: "main" });
  });

  test("shows that every script fails before and passes after", () => {
    const { pocs } = run.json.run;

    expect(pocs).toBeGreaterThan(0);
    expect(run.json.evidence).toEqual({ pocsFailBefore: pocs, pocsPassAfter: pocs, newTestFailures: 0 });
  });

  test("selects the class with the most votes and says why each other one lost", () => {
    expect(run.json.candidates.map(({ votes, verdict }) => `${votes} ${verdict}`)).toEqual([
      "7 selected",
      "3 equivalent-evidence",
      "2 fails-poc",
      "1 breaks-tests",
    ]);
    expect(run.json.candidates[2]?.files).toEqual(["cadence/rules.py"]);
    expect(run.json.candidates[3]?.why).toContain("test_last_day_of_a_short_month_is_an_ordinary_day");
  });

  test("rejects each wrong recorded sample for its own reason", () => {
    expect(run.json.rejected.map(({ sample, reason }) => `${sample} ${reason}`)).toEqual([
      "generate/3/0 truncated",
      "generate/7/0 search-not-found",
      "generate/8/0 unsafe-path",
      "generate/10/0 search-ambiguous",
      "generate/13/0 malformed-edit",
      "generate/14/0 syntax-error",
      "generate/16/0 protected-path",
    ]);
  });

  test("writes the executed evidence into the pull request", async () => {
    const body = await stored(run, "pull-request.md");

    expect(body).toHaveLength(run.json.pullRequest?.bodyLength ?? 0);
    expect(body).toContain("Fixes #1");
    expect(body).toMatch(/asserting-1[^\n]*exit(ed|s)?[^\n]*1/i);
    expect(body).toMatch(/not verified/i);
  });

  test("leaves one comment, which links the pull request", async () => {
    expect(run.json.comments).toBe(1);
    expect(await stored(run, "comments.md")).toContain(`#${run.json.pullRequest?.number}`);
  });

  test("commits the fix on top of the base and moves nothing else", async () => {
    const git = openGit(join(run.directory, "cadence.git"));
    const base = "f05e9434ccfa8476bb533d11d58126b275c28bc8";
    const head = "refs/heads/copatcher/issue-1";
    const tree = join(run.directory, "tree");
    await mkdir(tree);
    spawnSync("tar", ["-x", "-C", tree], { input: await git.bytes(["archive", head]) });
    const program =
      "from datetime import date; from itertools import islice; from cadence.rules import Monthly; " +
      "print([d.day for d in islice(Monthly().occurrences(date(2024, 1, 31)), 4)])";

    expect(await git.line(["rev-parse", `${head}^@`])).toBe(base);
    expect(await git.line(["rev-parse", "refs/heads/main"])).toBe(base);
    expect(spawnSync("python3", ["-B", "-c", program], { cwd: tree, encoding: "utf8" }).stdout).toBe(
      "[31, 29, 31, 30]\n",
    );
  });

  describe("whose bot is killed while candidates are written", () => {
    let crashed: DemoRun;
    beforeAll(async () => {
      crashed = await runDemo(join(directory, "crash"), ["--json", "--crash"]);
    }, slow);

    test("restarts it once and still ends with one pull request and one comment", () => {
      expect(crashed.json).toMatchObject({ pullRequests: 1, comments: 1 });
      expect(crashed.json.run).toMatchObject({ state: "proposed", restarts: 1, candidates: 20, votes: 7 });
      expect(crashed.json.evidence).toEqual(run.json.evidence);
    });

    test("repeats no model call that had finished", async () => {
      const answers = await answersBySample(crashed);
      const of = (stage: string) => [...answers].filter(([sample]) => sample.startsWith(`${stage}/`));
      const generated = await generatedBeforeTheCrash(crashed);

      expect(generated).toBeGreaterThan(10);
      expect([...of("localize-files"), ...of("localize-lines")].map(([, count]) => count)).toEqual(
        Array.from({ length: 6 }, () => 1),
      );
      expect(of("generate")).toHaveLength(20);
      // recorded as cut off in its reasoning, generate/3 is asked for a longer answer, crash or not
      const again = of("generate").filter(([sample, count]) => count > 1 && sample !== "generate/3/0");
      expect(again.length).toBeLessThanOrEqual(20 - generated);
    });
  });

  describe("without the fix among the recorded answers, as a plain process", () => {
    let declined: DemoRun;
    beforeAll(async () => {
      const replies = join(directory, "no-fix.json");
      await writeFile(replies, await repliesWithoutTheFix(run));
      const env = { COPATCHER_SANDBOX: "process" };
      declined = await runDemo(join(directory, "declined"), ["--replies", replies], env);
    }, slow);

    test("declines with an explanation and opens no pull request", () => {
      expect(declined.json).toMatchObject({ pullRequest: null, pullRequests: 0, comments: 1 });
      expect(declined.json.run.state).toBe("declined");
      expect(declined.json.run.explanation).toMatch(/\w+ \w+/);
      expect(declined.json.candidates.map(({ verdict }) => verdict).sort()).toEqual([
        "breaks-tests",
        "fails-poc",
      ]);
    });

    test("says why on the issue", async () => {
      const comment = await stored(declined, "comments.md");

      expect(comment).toContain("Copatcher proposes nothing");
      expect(comment).toContain("**Next step:**");
    });

    test("leaves no branch behind", async () => {
      const git = openGit(join(declined.directory, "cadence.git"));

      expect(await git.line(["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
    });

    test("says on the screen that nothing isolates and that the models are recordings", () => {
      expect(declined.stderr).toMatch(/^Sandbox: plain process: this does NOT isolate/m);
      expect(declined.stdout).toMatch(/^Sandbox: plain process: this does NOT isolate/m);
      expect(declined.stdout).toMatch(/^Models: {2}recorded answers/m);
      expect(declined.stdout).toContain("The run ended as declined, without a pull request.");
    });
  });
});
