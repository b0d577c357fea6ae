import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { failedMark } from "../../../src/domain/poc.ts";
import { createSlots } from "../../../src/driver/slots.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { SandboxCommand, SandboxJob, SandboxSession } from "../../../src/ports/sandbox.ts";
import { patchOf, rightMark, shownMark } from "./answers.ts";
import type { Behaviour, Draws } from "./draws.ts";
import { amountIn } from "./repository.ts";

/** How long the repository's tests and one script take, and how many jobs run at once. */
export type Executions = {
  readonly testSeconds: number;
  readonly pocSeconds: number;
  readonly slots: number;
};

export type Ran = { readonly label: string; readonly startedAt: number; readonly endedAt: number };

export type BenchSession = SandboxSession & {
  /** Jobs that have ended. */
  readonly ran: readonly Ran[];
};

/** A sandbox in virtual time: what a command shows follows from the patch in its tree and from what scripts say of themselves. */
export function createSession(clock: Clock, draws: Draws, executions: Executions): BenchSession {
  const line = createSlots(executions.slots).line();
  const ran: Ran[] = [];
  return {
    ran,
    run(job, signal) {
      const work = async (_slot: number, granted: AbortSignal): Promise<readonly ExecutionOutcome[]> => {
        granted.throwIfAborted();
        const startedAt = clock.now();
        const outcomes: ExecutionOutcome[] = [];
        for (const command of job.commands) {
          const isPoc = command.input !== undefined && command.input !== "";
          const milliseconds = 1_000 * (isPoc ? executions.pocSeconds : executions.testSeconds);
          if (milliseconds > 0) await clock.sleep(milliseconds, granted);
          outcomes.push(
            isPoc ? pocOutcome(draws, job, command, milliseconds) : testOutcome(draws, job, milliseconds),
          );
        }
        ran.push({ label: job.label, startedAt, endedAt: clock.now() });
        return outcomes;
      };
      return line.use(signal, work, job);
    },
    close: () => Promise.resolve(),
  };
}

/** The patch in a job's tree, null on the base commit. */
function patchIn({ files }: SandboxJob): number | null {
  const amounts = files.flatMap(({ place, content }) =>
    place === "tree" && content !== null ? (amountIn(content) ?? []) : [],
  );
  return amounts[0] === undefined ? null : patchOf(amounts[0]);
}

function pocOutcome(
  draws: Draws,
  job: SandboxJob,
  command: SandboxCommand,
  durationMs: number,
): ExecutionOutcome {
  const script = job.files.find(
    ({ place, path, content }) =>
      place === "aside" && content?.startsWith("# ") === true && command.script.includes(`/${path}"`),
  );
  const source = script?.content ?? "";
  const patch = patchIn(job);
  const shows = / shows it, /.test(source);
  const isAsserting = source.startsWith("# asserting");
  const behaviour = patch === null ? unpatched : draws.behaviour(patch);
  const exitCode = isAsserting && shows && behaviour !== 0 ? 1 : 0;
  const nonce = command.input ?? "";
  return exited(exitCode, durationMs, {
    stdout: printed(behaviour, shows && !isAsserting),
    stderr: exitCode === 0 ? "" : "Traceback (most recent call last):\nAssertionError: the rate is wrong\n",
    report: exitCode === 0 ? nonce : nonce + failedMark,
  });
}

/** Shows what nothing but the base commit and the most harmless of the wrong patches show. */
const unpatched: Behaviour = 6;

/** The marks come last, since judges see the end only. */
function printed(behaviour: Behaviour, shows: boolean): string {
  const lines = Array.from(
    { length: 70 },
    (_, at) => `case ${at}: the rate of the order is ${at}.${behaviour}`,
  );
  const mark = behaviour === 0 ? rightMark : shownMark;
  return `${lines.join("\n")}\n${shows ? mark : "nothing to see"}\n`;
}

function testOutcome(draws: Draws, job: SandboxJob, durationMs: number): ExecutionOutcome {
  const patch = patchIn(job);
  const broken = patch !== null && draws.breaksTests(patch);
  const canary = canaryResults(job);
  const own = Array.from({ length: 40 }, (_, at) => ({
    id: `tests.test_rates_step_00::test_${at}`,
    status: broken && at === 7 ? "failed" : "passed",
    seconds: 1,
  }));
  const results = [...own, ...canary];
  const report = [...results, { end: true }].map((line) => JSON.stringify(line)).join("\n");
  const failed = results.some(({ status }) => status === "failed");
  return exited(failed ? 1 : 0, durationMs, { stdout: "", stderr: "", report });
}

/** Runs the module that checks the runner: its functions say themselves whether they hold. */
function canaryResults({ files }: SandboxJob) {
  const module = files.find(
    ({ path, content }) => path.startsWith("tests/") && content?.includes("assert len("),
  );
  const tests = (module?.content ?? "").matchAll(/def (\w+)\(\):\n {4}assert len\("(\w+)"\) == (\d+)/g);
  const name = module?.path.slice(0, -".py".length).replaceAll("/", ".");
  return Array.from(tests, ([, test = "", word = "", length = ""]) => ({
    id: `${name}::${test}`,
    status: word.length === Number(length) ? "passed" : "failed",
    seconds: 0,
  }));
}

const exited = (
  exitCode: number,
  durationMs: number,
  streams: { readonly stdout: string; readonly stderr: string; readonly report: string },
): ExecutionOutcome => ({ kind: "exited", exitCode, durationMs, cut: false, ...streams });
