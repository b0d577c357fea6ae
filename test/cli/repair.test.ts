import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createSampleRepository, sampleReplies, type SampleRepository } from "../../src/demo/sample.ts";
import { lastLine, runSource, type SourceRun } from "../fixtures/run-source.ts";

/** The names that DESIGN.md's section 10 promises. */
const RepairJson = z.object({
  verdict: z.string(),
  patch: z.string(),
  candidates: z.number(),
  classes: z.array(z.object({ votes: z.number(), verdict: z.string() })),
  applied: z.number(),
  pocs: z.object({ reproduced: z.array(z.object({ id: z.string(), result: z.string() })) }),
  baseline: z.object({ kind: z.literal("ran"), passing: z.array(z.string()) }),
  regressions: z.array(z.string()),
  decidedBy: z.string(),
  seconds: z.number(),
});

describe("copatcher repair", () => {
  let directory: string;
  let sample: SampleRepository;
  let refs: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-repair-"));
    sample = await createSampleRepository(directory);
    await writeFile(join(directory, "issue.md"), `# ${sample.issue.title}\n\n${sample.issue.body}\n`);
    refs = git("for-each-ref");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const git = (...args: readonly string[]): string =>
    spawnSync("git", ["-C", sample.gitDirectory, ...args], { encoding: "utf8" }).stdout;
  const copatcher = (...args: readonly string[]): Promise<SourceRun> =>
    runSource("src/cli.ts", args, {
      env: {
        COPATCHER_SANDBOX: "process",
        COPATCHER_TRUST_REPOSITORIES: "demo",
        COPATCHER_DATA_DIR: join(directory, "data"),
        COPATCHER_INFERENCE_URL: undefined,
      },
    });
  const repair = (out: string, ...more: readonly string[]): Promise<SourceRun> =>
    copatcher(
      "repair",
      `--repo=${sample.gitDirectory}`,
      `--issue=${join(directory, "issue.md")}`,
      `--replies=${sampleReplies}`,
      `--out=${join(directory, out)}`,
      ...more,
    );

  describe("with --json", () => {
    let run: SourceRun;
    beforeAll(async () => {
      run = await repair("json", "--json");
    }, 90_000);

    test("ends with one JSON object that has the promised names", () => {
      const json = RepairJson.parse(lastLine(run));

      expect(run).toMatchObject({ code: 0 });
      expect(json).toMatchObject({ verdict: "validated", candidates: 20, applied: 13, regressions: [] });
      expect(json.classes[0]).toEqual({ votes: 7, verdict: "selected" });
      expect(json.pocs.reproduced.map(({ result }) => result)).toEqual(["fixed", "fixed", "fixed", "fixed"]);
      expect(json.baseline.passing).toHaveLength(67);
      expect(json.seconds).toBeGreaterThan(0);
    });

    test("gives a patch that git applies to the base, also as a file", async () => {
      const { patch } = RepairJson.parse(lastLine(run));
      const tree = await mkdtemp(join(directory, "tree-"));
      spawnSync("git", ["clone", "--quiet", sample.gitDirectory, tree]);

      const applied = spawnSync("git", ["-C", tree, "apply", "--index", "-"], {
        input: patch,
        encoding: "utf8",
      });

      expect(applied.stderr).toBe("");
      expect(spawnSync("git", ["-C", tree, "diff", "--cached", "--name-only"]).stdout.toString()).toBe(
        "cadence/billing.py\ncadence/rules.py\n",
      );
      expect(await readFile(join(directory, "json", "patch.diff"), "utf8")).toBe(patch);
    });

    test("writes the report and what would be the pull request", async () => {
      expect((await readdir(join(directory, "json"))).sort()).toEqual([
        "patch.diff",
        "proposal.json",
        "pull-request.md",
        "report.json",
      ]);
    });

    test("pushes nothing", () => {
      expect(git("for-each-ref")).toBe(refs);
    });
  });

  test(
    "tells people the verdict, the scripts, the tests and the place of the files",
    { timeout: 90_000 },
    async () => {
      const { code, stdout, stderr } = await repair("text");

      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stdout).toContain("Validated");
      expect(stdout).toMatch(/asserting-1 \(asserting\): .* -> .*fixed/);
      expect(stdout).toContain("67 passed");
      expect(stdout).toContain(`Stored in ${join(directory, "text")}`);
      expect(stdout).not.toMatch(/undefined|\[object/);
      expect(stderr).toContain("Locate the fault");
    },
  );

  test("names the option whose file cannot be read", async () => {
    const run = await copatcher("repair", "--repo", sample.gitDirectory, "--issue", "none.md", "--json");

    expect(run.code).toBe(2);
    expect(run.stderr).toContain("--issue: cannot read none.md");
    expect(lastLine(run)).toMatchObject({ error: { code: "usage" } });
  });

  test("names what is missing when there are neither models nor recordings", async () => {
    const run = await copatcher(
      "repair",
      "--repo",
      sample.gitDirectory,
      "--issue",
      join(directory, "issue.md"),
    );

    expect(run.code).toBe(1);
    expect(run.stderr).toContain("COPATCHER_INFERENCE_URL is not set");
  });

  test("doctor reports each check with its fix", async () => {
    const run = await copatcher("doctor", "--json");
    const Doctor = z.strictObject({
      checks: z.array(
        z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string().min(1), fix: z.string() }),
      ),
      ok: z.boolean(),
    });
    const { checks, ok } = Doctor.parse(lastLine(run));

    expect({ code: run.code, ok }).toEqual({ code: 1, ok: false });
    expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(["inference"]);
    expect(checks.filter((check) => !check.ok && check.fix === "")).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["configuration", "data directory", "sandbox docker", "sandbox bubblewrap"]),
    );
  });
});
