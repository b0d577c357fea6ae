import type { Logger } from "../../ports/logger.ts";
import type { SandboxCheck, SandboxLimits } from "../../ports/sandbox.ts";
import type { Host } from "./host.ts";
import { runJob, startSandbox } from "./session-sandboxes.ts";

const limits: SandboxLimits = { memoryMb: 512, processes: 16, outputBytes: 4096, treeMb: 16 };

/** Each line says what is wrong. */
const script = `
grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status || echo "commands have capabilities"
grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/self/status || echo "commands may get new privileges"
grep -q '^Seccomp:[[:space:]]*2$' /proc/self/status || echo "there is no system call filter"
(: >/usr/probe) 2>/dev/null && echo "the system can be written"
unshare -U true 2>/dev/null && echo "commands can make name spaces"
while read -r _ folder _ options _; do
  case $folder,$options in /sbx/repo,*nr_inodes=*) limited=yes ;; esac
done </proc/mounts
[ -n "$limited" ] || echo "the number of files is not limited"
`;

/** Runs one real job and says what holds on this machine. Throws only what is no sandbox's fault. */
export async function selfTest(host: () => Promise<Host>, logger: Logger): Promise<SandboxCheck> {
  if (process.platform !== "linux") return { ok: false, detail: "bubblewrap needs Linux" };
  const signal = AbortSignal.timeout(20_000);
  try {
    const found = await host();
    // an empty file unpacks to an empty tree
    const start = { environment: null, base: "/dev/null", limits, treeFiles: 0, warmed: null };
    const sandbox = await startSandbox(found, start, signal);
    try {
      const job = { label: "self-test", files: [], commands: [{ script, timeoutMs: 10_000, report: null }] };
      const [outcome] = await runJob(sandbox, job, limits.outputBytes, signal);
      const said = outcome?.kind === "exited" ? (outcome.stdout + outcome.stderr).trim() : "no result";
      if (said !== "") return { ok: false, detail: `bubblewrap failed its self-test: ${said}` };
      const detail = `bubblewrap passed its self-test (system call filter; ${found.limiter.detail}; limits on files)`;
      return { ok: true, detail };
    } finally {
      await sandbox.discard();
    }
  } catch (error) {
    logger.debug({ error }, "bubblewrap self-test failed");
    const detail = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      detail: `${detail} (version 0.8 or newer and unprivileged user name spaces are needed)`,
    };
  }
}
