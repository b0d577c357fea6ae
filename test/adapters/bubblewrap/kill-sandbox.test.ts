import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { killSandbox } from "../../../src/adapters/bubblewrap/kill-sandbox.ts";

/** A process of a group of its own with a child and a grandchild, which hold its output open as long as they live. */
async function family(): Promise<{ readonly root: number; readonly closed: Promise<unknown> }> {
  const child = spawn("sh", ["-c", "sh -c 'sleep 600 & echo ready; wait' & wait"], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  if (child.pid === undefined) throw new Error("sh was not started");
  return { root: child.pid, closed };
}

// As of bwrap that was forking when it was stopped: its child is born, but nobody's list of children has it yet.
test("whoever is of the group of the first process ends with it, also who is not seen as its child", async () => {
  const { root, closed } = await family();

  killSandbox(root);

  await expect(closed).resolves.toEqual([null, "SIGKILL"]);
}, 10_000);
