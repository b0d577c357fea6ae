import { claimed, command, never, type Attack, type Finding, type Subject } from "./attack.ts";
import { runUnprotected } from "./unprotected.ts";

export type Inside = {
  readonly name: string;
  readonly tries: string;
  readonly stoppedBy: string;
  /** Shell that says ESCAPED when it reached what it should not. */
  readonly script: string;
  /** A later command of the same job that says ESCAPED when the first one left something behind. */
  readonly after?: string;
  readonly timeoutMs?: number;
};

/**
 * An attack by a command inside of the sandbox. It is contained when nothing was claimed and the sandbox still runs the
 * next command; the canary runs the same script as root without a sandbox.
 */
export const inside = ({
  name,
  tries,
  stoppedBy,
  script,
  after = "true",
  timeoutMs = 30_000,
}: Inside): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "sandbox",
  attempt: (subject) => attempt(subject, script, after, timeoutMs),
  unprotected: () => runUnprotected([script, after], timeoutMs),
});

async function attempt(
  { session }: Subject,
  script: string,
  after: string,
  timeoutMs: number,
): Promise<Finding> {
  const commands = [command(script, timeoutMs), command(after), command("echo alive")];
  const outcomes = await session.run({ label: "attack", files: [], commands }, never());
  for (const outcome of outcomes) {
    if (outcome.kind === "not-started") return { contained: false, saw: `not started: ${outcome.reason}` };
    const what = claimed(outcome.stdout);
    if (what !== null) return { contained: false, saw: what };
  }
  const [first, , last] = outcomes;
  const alive = last?.kind === "exited" && last.stdout === "alive\n";
  const said = first === undefined || first.kind === "not-started" ? "" : first.stdout + first.stderr;
  const ending = first?.kind === "exited" ? `exit ${first.exitCode}` : (first?.kind ?? "no outcome");
  const line = said.trim().split("\n").at(-1)?.slice(0, 120) ?? "";
  return {
    contained: alive,
    saw: alive ? `${ending} ${line}`.trim() : "the sandbox did not run the next command",
  };
}
