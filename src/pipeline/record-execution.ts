import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import type { ExecutionOutcome } from "../domain/execution.ts";
import { executionKind, type RecordedOutcome } from "../domain/record/execution-event.ts";
import type { SandboxJob } from "../ports/sandbox.ts";
import type { KeepText } from "../ports/run-record.ts";
import type { StageContext } from "./stage-context.ts";

/** A job with its outcomes; one that the journal gave again is the same event. */
export function recordExecution(
  context: StageContext,
  job: SandboxJob,
  outcomes: readonly ExecutionOutcome[],
): Promise<void> {
  const { checkout, isolation, environment, language } = context;
  const what = executionKind(job.label);
  const files = job.files.map(({ place, path, content }) => ({
    place,
    path,
    sha256: content === null ? null : sha256(content),
  }));
  const key = `${job.label}/${sha256(canonicalJson([files, job.commands, outcomes]))}`;
  return context.record.note(key, (keep) => ({
    kind: "execution",
    label: job.label,
    what,
    baseSha: checkout.baseSha,
    isolation,
    environment: job.environment ?? environment.reference,
    files,
    commands: job.commands.map(({ script, timeoutMs, input }, i) => {
      const outcome = outcomes[i];
      const tests = what === "baseline" || what === "candidate-tests";
      return {
        script,
        input: input === undefined ? null : keep(input),
        timeoutMs,
        outcome: outcome === undefined ? null : recordedOutcome(outcome, keep),
        tests: tests && outcome !== undefined ? language.readTestReport(outcome).results : null,
      };
    }),
  }));
}

function recordedOutcome(outcome: ExecutionOutcome, keep: KeepText): RecordedOutcome {
  if (outcome.kind === "not-started") {
    const nothing = { stdout: null, stderr: null, report: null };
    const { reason } = outcome;
    return { ended: outcome.kind, exitCode: null, milliseconds: null, cut: false, reason, ...nothing };
  }
  const { stdout, stderr, report, cut, durationMs } = outcome;
  return {
    ended: outcome.kind,
    exitCode: outcome.kind === "exited" ? outcome.exitCode : null,
    milliseconds: durationMs,
    cut,
    stdout: keep(stdout),
    stderr: keep(stderr),
    report: report === null ? null : keep(report),
    reason: null,
  };
}
