import { python } from "../attack.ts";
import { inside } from "../inside.ts";

const heartbeat = "while :; do echo x >>$PWD/alive; sleep 0.05; done";
const stillBeating =
  "a=$(wc -c <alive 2>/dev/null || echo 0); sleep 0.7; b=$(wc -c <alive 2>/dev/null || echo 0); [ $a = $b ] || echo ESCAPED a process outlived its command";

/**
 * Without protection a process of ours stands where the sandbox's driver would; its state (T: stopped, Z: dead) shows that the
 * attack hit it. In a sandbox there is none, and that the next command runs at all is the proof.
 */
const guardIs = (state: string): string =>
  `[ -z "$COPATCHER_GUARD" ] || { now=$(sed -n 's/^State:[[:space:]]*\\(.\\).*/\\1/p' /proc/$COPATCHER_GUARD/status 2>/dev/null); [ "\${now:-Z}" != "${state}" ] || echo ESCAPED hit its guard; }`;

/** Processes that stay, that will not die, and that hurt others. */
export const processes = [
  inside({
    name: "background-process",
    tries: "leaves a child in the background that goes on writing",
    stoppedBy: "killing of everything between commands",
    script: `sh -c '${heartbeat}' >/dev/null 2>&1 & sleep 0.3`,
    after: stillBeating,
  }),
  inside({
    name: "daemon",
    tries: "leaves a process in a session of its own, without parent, ignoring all signals",
    stoppedBy: "killing of everything between commands, by SIGKILL and without regard to sessions",
    script: `setsid sh -c 'trap "" TERM HUP INT QUIT; (setsid sh -c "trap \\"\\" TERM HUP; ${heartbeat.replaceAll("$", "\\$")}" &)' >/dev/null 2>&1 </dev/null & sleep 0.5`,
    after: stillBeating,
  }),
  inside({
    name: "daemon-by-double-fork",
    tries: "forks twice, closes all its files and stays",
    stoppedBy: "killing of everything between commands",
    script: python(`
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 100)
        while True:
            with open("alive", "a") as file: file.write("x")
            time.sleep(0.05)
    os._exit(0)
time.sleep(0.3)
`),
    after: stillBeating,
  }),
  inside({
    name: "child-holds-output",
    tries: "ends at once while a child keeps standard output open for ten minutes",
    stoppedBy: "killing of everything when the command's own process ends",
    script: "sleep 600 & exit 0",
    after:
      "n=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'sleep 60[0]'); [ $n = 0 ] || echo ESCAPED the child lives",
    timeoutMs: 15_000,
  }),
  inside({
    name: "ignores-sigterm",
    tries: "ignores every signal it can and sleeps beyond its time",
    stoppedBy: "SIGKILL at the time limit",
    script: "trap '' TERM INT HUP QUIT USR1 USR2 ALRM; (trap '' TERM; sleep 600) & sleep 600",
    after:
      "n=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'sleep 60[0]'); [ $n = 0 ] || echo ESCAPED it lives",
    timeoutMs: 2000,
  }),
  inside({
    name: "stops-everything",
    tries: "sends SIGSTOP to everything that it can name",
    stoppedBy: "another user id or process namespace for the driver",
    script: "for p in 1 2 3 4 5 6 7 8 9 10 11 12; do kill -STOP $p; done; kill -STOP -1; sleep 600",
    timeoutMs: 2000,
    after: guardIs("T"),
  }),
  inside({
    name: "kills-everything",
    tries: "sends SIGKILL to everything that it can name",
    stoppedBy: "another user id or process namespace for the driver",
    script:
      "for p in 1 2 3 4 5 6 7 8 9 10 11 12; do [ $p = $$ ] || kill -KILL $p; done; kill -KILL -1; sleep 600",
    timeoutMs: 2000,
    after: guardIs("Z"),
  }),
  inside({
    name: "terminates-politely",
    tries: "sends SIGTERM, SIGINT and SIGHUP to everything, in case something obeys",
    stoppedBy: "another user id or process namespace for the driver",
    script:
      "trap '' TERM INT HUP; for s in TERM INT HUP; do for p in 1 2 3 4 5 6 7 8 9 10 11 12; do kill -$s $p; done; kill -$s -1; done; sleep 600",
    timeoutMs: 2000,
    after: guardIs("Z"),
  }),
];
