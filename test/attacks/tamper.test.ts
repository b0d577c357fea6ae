import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDockerSandbox } from "../../src/adapters/docker/docker-sandbox.ts";
import type { FileChange } from "../../src/domain/edit.ts";
import { endOf, type Poc } from "../../src/domain/poc.ts";
import { compareWithBaseline, type TestRuns } from "../../src/domain/test-verdict.ts";
import type { Completion } from "../../src/domain/transcript.ts";
import type { CanaryPlan, TestPlan } from "../../src/languages/language.ts";
import { findFlags } from "../../src/pipeline/alarms.ts";
import { applySample } from "../../src/pipeline/apply-sample.ts";
import { measureBaseline, type TestBase } from "../../src/pipeline/baseline.ts";
import { judgePoc } from "../../src/pipeline/judge-fix.ts";
import { canaryRun, type TestRun } from "../../src/pipeline/run-tests.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { SandboxCommand, SandboxFile, SandboxSession } from "../../src/ports/sandbox.ts";
import { never, someLimits, treeOf } from "../contracts/sandbox-subject.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { editAnswer } from "../fixtures/model-answers.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { attacks, poc as script, probe, target, type Attack } from "./tamper-attacks.ts";

const image = process.env["COPATCHER_TEST_IMAGE"] ?? "copatcher-sandbox:test";
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const usable = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" }).status === 0;

const nonce = "0123456789abcdef0123456789abcdef";
const timeoutMs = 60_000;
const exitCodeOnly = 'PYTHONPATH="$(pwd)" python3 -m pytest tests/test_rates.py\n';

describe.skipIf(!usable && !required)(`an attack on the checks (needs an engine with ${image})`, () => {
  let session: SandboxSession;
  let context: StageContext;
  let base: TestBase;
  let plan: TestPlan;
  let canary: CanaryPlan;
  const removals: (() => void)[] = [];

  beforeAll(async () => {
    const instance = `test-${randomUUID()}`;
    const sandbox = createDockerSandbox({
      defaultImage: image,
      instance,
      slots: 2,
      logger: createSilentLogger(),
    });
    const tree = treeOf({ files: target }, (remove) => removals.push(remove));
    const request = { label: "tamper", environment: null, warmUp: null, tree, limits: someLimits };
    session = await sandbox.open(request, never());
    ({ context } = await makeStage({ files: target, session }));
    base = await measureBaseline(context, []);
    if (base.plan === null || base.canary === null) throw new Error("no plan");
    [plan, canary] = [base.plan, base.canary];
  }, 4 * timeoutMs);
  afterAll(async () => {
    await session?.close();
    for (const remove of removals) remove();
  });

  const policyOf = async ({ files }: Attack): Promise<Attack["policy"]> => {
    const edits = Object.entries(files).map(([path, text]) =>
      editAnswer(path, (target[path] ?? "").trimEnd(), text.trimEnd()),
    );
    const completion: Completion = {
      text: edits.join("\n"),
      reasoning: "",
      finish: "stop",
      model: "m",
      usage: { prompt: 1, completion: 1, estimated: true },
      milliseconds: 1,
    };
    const sample = { sample: "s", index: 0, refines: null, chat: [], call: "generate/0/0", completion };
    const end = await applySample(context, createSourceReader(context.checkout), sample);
    if (end.kind === "written") return end.written.restored.length > 0 ? "left out" : "open";
    expect(end).toMatchObject({ kind: "rejected", rejected: { reason: "protected-path" } });
    return "refused";
  };

  /** The attack's files laid over the base commit as if there were no path policy; each run in a copy of its own. */
  async function run({ files }: Attack) {
    const attempt = context.language.poc({ name: "poc", source: script, nonce });
    const tree = Object.entries(files).map(([path, content]): SandboxFile => ({
      place: "tree",
      path,
      content,
    }));
    const execute = async (
      { files: own, ...command }: TestRun & { readonly input?: string },
      ...more: readonly SandboxCommand[]
    ) => {
      const commands = [{ ...command, timeoutMs }, ...more];
      return session.run({ label: "attack", files: [...tree, ...own], commands }, never());
    };
    const [[first], [second], [alone, plain, reproduced]] = await Promise.all([
      execute(canaryRun(canary, "first")),
      execute(canaryRun(canary, "second")),
      execute(
        { ...plan, files: [...plan.files, ...attempt.files] },
        { script: exitCodeOnly, report: null, timeoutMs },
        { script: attempt.script, report: attempt.report, input: attempt.input, timeoutMs },
      ),
    ]);
    const all = [first, second, alone, plain, reproduced];
    const [one, two, three, four, five] = all.filter((outcome) => outcome !== undefined);
    if (!one || !two || !three || !four || !five) throw new Error("an outcome is missing");
    const read = context.language.readTestReport;
    const runs: TestRuns = { first: read(one), second: read(two), canary };
    return { runs, alone: read(three), plain: four, reproduced: five };
  }

  const wins = (runs: TestRuns): boolean => {
    const verdict = compareWithBaseline(base.baseline, runs);
    return verdict.kind === "ran" && verdict.regressions.length === 0;
  };

  test("starts from a base commit on which both runs agree", () => {
    expect(base.baseline).toMatchObject({ kind: "ran", withoutCanary: null, exitStatusCounts: true });
  });

  test("can tell the two runs apart by nothing but the text of one file", async () => {
    const sees = { script: 'cat "$COPATCHER_OUT/probe"', report: null, timeoutMs };
    const look = async (which: "first" | "second"): Promise<string> => {
      const { files: own, ...command } = canaryRun(canary, which);
      const tree = Object.entries(probe).map(([path, content]): SandboxFile => ({
        place: "tree",
        path,
        content,
      }));
      const commands = [{ ...command, timeoutMs }, sees];
      const [, seen] = await session.run({ label: "probe", files: [...tree, ...own], commands }, never());
      return seen?.kind === "exited" ? seen.stdout : "";
    };

    const [first, second] = [await look("first"), await look("second")];

    expect(first).toContain("COPATCHER_OUT");
    expect(first).toContain(canary.module.path);
    expect(second).toBe(first);
  }, 120_000);

  test.concurrent.each(attacks)(
    "by $name ends as the table says",
    async (attack) => {
      const { runs, alone, plain, reproduced } = await run(attack);
      const asserting: Poc = {
        id: "asserting-1",
        kind: "asserting",
        source: script,
        baseline: reproduced,
        reachedEnd: false,
        attempts: 1,
        sourceSample: "s",
      };
      const judged = await judgePoc(context, asserting, {
        outcome: reproduced,
        end: endOf(reproduced, nonce),
      });
      const seen = {
        policy: await policyOf(attack),
        exitCode: plain.kind === "exited" && plain.exitCode === 0,
        idsAndStatus: wins({ first: alone, second: null, canary: null }),
        twoRuns: wins(runs),
        pocExitCode: reproduced.kind === "exited" && reproduced.exitCode === 0,
        pocNonce: judged.result === "fixed",
      };

      const { name: _, files: __, ...expected } = attack;
      expect(seen).toEqual(expected);
    },
    4 * timeoutMs,
  );

  test("that the checks do not stop is at least shown to the reviewer", () => {
    const winners = attacks.filter(({ policy, twoRuns }) => policy === "open" && twoRuns);

    const flags = winners.map(({ files }) => {
      const changes = Object.entries(files).map(([path, after]): FileChange => ({
        path,
        before: target[path] ?? null,
        after,
      }));
      return findFlags(context.language, changes).length > 0;
    });

    expect(flags).toEqual([true, true]);
  });
});
