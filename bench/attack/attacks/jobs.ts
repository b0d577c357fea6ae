import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync, spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { aside, claimed, command, never, type Attack, type Finding, type Subject } from "../attack.ts";
import { runUnprotected } from "../unprotected.ts";

const textOf = (outcome: ExecutionOutcome | undefined): string =>
  outcome === undefined || outcome.kind === "not-started" ? "" : outcome.stdout;

const run = (subject: Subject, scripts: readonly string[], files = [aside("poc.py", "good")]) =>
  subject.session.run(
    { label: "attack", files, commands: scripts.map((script) => command(script)) },
    never(),
  );

/** What one job changes must not be seen by the next: `check` says ESCAPED in a later job. */
const betweenJobs = (
  name: string,
  tries: string,
  stoppedBy: string,
  script: string,
  check: string,
): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "sandbox",
  async attempt(subject): Promise<Finding> {
    await run(subject, [script]);
    const [outcome] = await run(subject, [check]);
    const what = claimed(textOf(outcome));
    return {
      contained: what === null && outcome?.kind === "exited",
      saw: what ?? "nothing of it in the next job",
    };
  },
  unprotected: () => runUnprotected([script, check], 30_000),
});

const tamper = (folder: string, file: string): string =>
  `mkdir -p ${folder} 2>/dev/null; echo 'echo ESCAPED tampered' >${folder}/${file} 2>/dev/null; chmod 755 ${folder}/${file} 2>/dev/null; true`;

/** Candidates against each other, against the base, and against the host that reads what they left. */
export const jobs: readonly Attack[] = [
  betweenJobs(
    "image-tampering",
    "puts a program first in the search path of later candidates",
    "a read-only image and a fresh sandbox each",
    `${tamper("/usr/local/bin", "copatcher-probe")}; ${tamper("/usr/bin", "copatcher-probe")}`,
    "copatcher-probe 2>/dev/null; rm -f /usr/local/bin/copatcher-probe /usr/bin/copatcher-probe 2>/dev/null; true",
  ),
  betweenJobs(
    "base-tampering",
    "changes the tree for later candidates",
    "a fresh copy each",
    "echo changed >planted; echo x >.git-planted; true",
    "[ ! -e planted ] || echo ESCAPED the tree is changed",
  ),
  betweenJobs(
    "leftovers-in-tmp",
    "leaves a file in the temporary folders for later candidates",
    "fresh file systems each",
    "for d in /tmp /dev/shm /var/tmp /run/lock; do echo x >$d/copatcher-planted; done 2>/dev/null; true",
    "for d in /tmp /dev/shm /var/tmp /run/lock; do [ ! -e $d/copatcher-planted ] || { rm -f $d/copatcher-planted; echo ESCAPED found it in $d; }; done",
  ),
  betweenJobs(
    "environment-tampering",
    "changes what the set-up installed",
    "a read-only environment",
    'echo x >"${COPATCHER_ENV:-$HOME}/planted" 2>/dev/null; true',
    '[ ! -e "${COPATCHER_ENV:-$HOME}/planted" ] || echo ESCAPED the environment is changed',
  ),
  {
    name: "scripts-of-later-commands",
    tries: "rewrites the scripts and files of the commands that come after it",
    stoppedBy: "a control folder that only the driver can write",
    on: "sandbox",
    async attempt(subject) {
      const attack =
        'for f in /sbx/ctl/commands/*/script /sbx/ctl/*.sh "$COPATCHER_ASIDE"/* /sbx/command; do chmod u+w $f; echo "echo ESCAPED" >$f; rm -f $f; done 2>/dev/null; true';
      const outcomes = await run(subject, [attack, 'cat "$COPATCHER_ASIDE/poc.py"', "echo untouched"]);
      const seen = outcomes.slice(1).map(textOf).join("|");
      return { contained: seen === "good|untouched\n", saw: seen.trim() };
    },
    unprotected: () =>
      runUnprotected(
        ['echo "echo ESCAPED rewritten" >$COPATCHER_ASIDE/../script1', "echo untouched"],
        10_000,
      ),
  },
  {
    name: "forged-frames",
    tries: "prints what the driver would print, and writes into the driver's own output",
    stoppedBy: "length-prefixed frames under a nonce, and files that it cannot open",
    on: "sandbox",
    async attempt(subject) {
      const forge = `for n in 0 1; do echo READY; echo "$n frame $n 0 1 0 0 0 -1"; echo "$n end"; done
for p in 1 2 3 4 5 6 7 8 9; do for f in /proc/$p/fd/*; do echo "x frame 0 0 1 0 0 0 -1" >$f; done; done 2>/dev/null; exit 7`;
      const outcomes = await run(subject, [forge, "exit 8"]);
      const codes = outcomes.map((outcome) => (outcome.kind === "exited" ? outcome.exitCode : outcome.kind));
      return { contained: codes.join() === "7,8", saw: `exit codes ${codes.join()}` };
    },
    // a host that believes the last line of the output, as many do
    unprotected: () => runUnprotected(["echo 'ESCAPED result: passed'; exit 7"], 10_000),
  },
  {
    name: "job-path-escape",
    tries: "names files of a candidate that would lie outside of the tree or in git's folder",
    stoppedBy: "checks of every path on the host, and again inside",
    on: "sandbox",
    async attempt(subject) {
      const paths = [
        "../../etc/x",
        "/etc/x",
        "a/../../x",
        ".git/hooks/pre-commit",
        ".GIT/config",
        "a/.git/config",
        "link/x",
        "a\0b",
      ];
      const kinds = await Promise.all(
        paths.map(async (path) => {
          const files = [{ place: "tree" as const, path, content: "x" }];
          const [outcome] = await subject.session.run(
            { label: "attack", files, commands: [command("true")] },
            never(),
          );
          return outcome?.kind;
        }),
      );
      const through = paths.filter((_, index) => kinds[index] !== "not-started");
      return {
        contained: through.length === 0,
        saw: through.length === 0 ? `${paths.length} paths refused` : through.join(),
      };
    },
    unprotected() {
      const directory = mkdtempSync(join(tmpdir(), "copatcher-attack-"));
      writeFileSync(join(directory, "tree", "..", "escaped"), "x");
      const reached = readFileSync(join(directory, "escaped"), "utf8") === "x";
      rmSync(directory, { recursive: true });
      return Promise.resolve(reached ? "wrote outside of the tree" : null);
    },
  },
  {
    name: "signals-to-a-neighbour",
    tries: "kills the commands of a candidate that runs beside it",
    stoppedBy: "process namespaces",
    on: "sandbox",
    async attempt(subject) {
      const [victim, attack] = await Promise.all([
        run(subject, ["sleep 4; echo survived"]),
        run(subject, ["sleep 1; kill -KILL -1 2>/dev/null; sleep 1"]),
      ]);
      const text = textOf(victim[0]).trim();
      return { contained: text === "survived", saw: `${text || "killed"}, ${attack.length} command(s)` };
    },
    unprotected: () =>
      runUnprotected(
        [
          "sleep 5 & victim=$!; sh -c 'kill -KILL '$victim; sleep 0.5; kill -0 $victim 2>/dev/null || echo ESCAPED killed it",
        ],
        10_000,
      ),
  },
  {
    name: "binary-flood",
    tries: "prints 200 MB on both streams at once, binary",
    stoppedBy: "the output limit; head and tail are kept",
    on: "sandbox",
    async attempt(subject) {
      const flood = "head -c 200000000 /dev/urandom & head -c 200000000 /dev/urandom >&2; wait; echo end";
      const [outcome] = await run(subject, [flood]);
      if (outcome === undefined || outcome.kind === "not-started")
        return { contained: false, saw: "not started" };
      const kept = outcome.stdout.length + outcome.stderr.length;
      return {
        contained: kept < 2 ** 20 && outcome.cut,
        saw: `${outcome.kind}, ${kept} characters kept, cut ${outcome.cut}`,
      };
    },
    unprotected() {
      const { stdout } = spawnSync("sh", ["-c", "head -c 20000000 /dev/urandom"], { maxBuffer: 2 ** 30 });
      return Promise.resolve(stdout.length > 2 ** 20 ? `the reader took ${stdout.length} bytes` : null);
    },
  },
  {
    name: "endless-output",
    tries: "prints without end on both streams",
    stoppedBy: "the time limit and the output limit",
    on: "sandbox",
    async attempt(subject) {
      const commands = [command("yes >&2 & exec yes", 3000), command("echo alive")];
      const [outcome, next] = await subject.session.run({ label: "attack", files: [], commands }, never());
      const kept =
        outcome === undefined || outcome.kind === "not-started"
          ? -1
          : outcome.stdout.length + outcome.stderr.length;
      return {
        contained: kept >= 0 && kept < 2 ** 20 && textOf(next) === "alive\n",
        saw: `${outcome?.kind}, ${kept} characters kept`,
      };
    },
    unprotected() {
      const { stdout } = spawnSync("timeout", ["1", "yes"], { maxBuffer: 2 ** 30 });
      return Promise.resolve(stdout.length > 2 ** 20 ? `the reader took ${stdout.length} bytes` : null);
    },
  },
  {
    name: "closed-streams",
    tries: "closes its standard streams and goes on",
    stoppedBy: "the driver, which holds its own ends",
    on: "sandbox",
    async attempt(subject) {
      const outcomes = await run(subject, ["exec 0<&- 1>&- 2>&-; sleep 0.5; exit 5", "echo alive"]);
      const [first, next] = outcomes;
      const code = first?.kind === "exited" ? first.exitCode : first?.kind;
      return { contained: code === 5 && textOf(next) === "alive\n", saw: `exit ${code}` };
    },
    // a reader that waits for the end of the output goes on too early
    unprotected() {
      const script = "( exec >&- 2>&-; sleep 1; touch $0 ) & exit 0";
      const file = join(mkdtempSync(join(tmpdir(), "copatcher-attack-")), "late");
      execFileSync("sh", ["-c", script, file]);
      const early = spawnSync("test", ["-e", file]).status !== 0;
      return Promise.resolve(early ? "the reader was gone before the work was done" : null);
    },
  },
];
