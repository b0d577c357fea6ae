import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { ownLabel } from "../../../src/adapters/bubblewrap/own-label.ts";
import { reapProcesses } from "../../../src/adapters/bubblewrap/reap-processes.ts";

const label = ownLabel(`reap-${process.pid}`);
const own = process.getuid?.() ?? 0;
/** As a process of this machine made it whose number has come back. */
const left = label.own.replace(/-(\d+)-\d+-/, "-$1-1-");

/** A process that looks like a sandbox of a bot. */
async function pretend(made: string) {
  // it waits without a child, which would look like one more for a moment
  const child = spawn("sh", ["-c", "echo; read -r line", made], { argv0: "bwrap", detached: true });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("ends a sandbox whose bot is gone, and neither one whose bot lives nor one of another user", async () => {
  const [live, abandoned] = [await pretend(label.own), await pretend(left)];

  expect(await reapProcesses(label, [own + 1])).toBe(0);
  expect(await reapProcesses(label, [own])).toBe(1);

  await expect.poll(() => abandoned.signalCode).toBe("SIGKILL");
  expect(live.signalCode).toBeNull();
});
