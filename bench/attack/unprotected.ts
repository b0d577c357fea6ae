import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimed } from "./attack.ts";

/** Process 1 of the namespace: signals from inside do not reach it, so it goes on whatever an attack stops or kills. */
const runner = `
# as the driver says of itself: kill must only ever run in a process name space of its own
import os, signal, subprocess, sys
signal.signal(signal.SIGINT, lambda *_: None)
subprocess.run("mount -t tmpfs -o size=2g none tree; mount -t tmpfs -o size=2g none out", shell=True)
guard = subprocess.Popen(["sleep", "600"])
os.environ["COPATCHER_GUARD"] = str(guard.pid)
for script in sys.argv[2:]:
    child = subprocess.Popen(["sh", script], cwd="tree", stdin=subprocess.DEVNULL, start_new_session=True)
    try: child.wait(float(sys.argv[1]))
    except subprocess.TimeoutExpired: child.kill()
`;

/**
 * Runs scripts as root with nothing in their way but a process and a mount namespace of their own, so that what an attack
 * kills or mounts is its own. Attacks are bounded and ask rather than do, which makes this safe on a test machine.
 */
export async function runUnprotected(scripts: readonly string[], timeoutMs: number): Promise<string | null> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-attack-"));
  chmodSync(directory, 0o755);
  for (const name of ["tree", "out", "aside"]) mkdirSync(join(directory, name));
  const files = scripts.map((_, index) => join(directory, `script${index}`));
  for (const [index, file] of files.entries()) writeFileSync(file, scripts[index] ?? "");
  const apart = ["--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...apart, "python3", "-c", runner, String(timeoutMs / 1000), ...files], {
    cwd: directory,
    stdio: ["ignore", "pipe", "ignore"],
    env: {
      ...process.env,
      COPATCHER_OUT: join(directory, "out"),
      COPATCHER_ASIDE: join(directory, "aside"),
      HOME: join(directory, "tree"),
    },
    timeout: 3 * timeoutMs,
    killSignal: "SIGKILL",
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (output.length < 2 ** 20) output += chunk.toString("latin1");
  });
  await once(child, "close");
  rmSync(directory, { recursive: true, force: true });
  return claimed(output);
}
