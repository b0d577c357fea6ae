import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const source = (path: string): string =>
  JSON.stringify(new URL(`../../../src/adapters/bubblewrap/${path}`, import.meta.url).href);

/** A bot of its own that runs one command, with an inherited descriptor 40 (Node.js closes low ones itself). */
export function startBot(instance: string, script: string) {
  const program = `
    const { createBubblewrapSandbox } = await import(${source("bubblewrap-sandbox.ts")});
    const nothing = () => undefined;
    const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
    const sandbox = createBubblewrapSandbox({ instance: ${JSON.stringify(instance)}, slots: 1, logger });
    const limits = { memoryMb: 512, processes: 64, outputBytes: 64000, treeMb: 16 };
    const tree = { file: "/dev/null", sha: "", bytes: 0, files: 0 };
    const signal = new AbortController().signal;
    const session = await sandbox.open({ label: "x", environment: null, warmUp: null, tree, limits }, signal);
    const commands = [{ script: ${JSON.stringify(script)}, timeoutMs: 60_000, report: null }];
    const outcomes = await session.run({ label: "x", files: [], commands }, signal);
    console.log(JSON.stringify(outcomes[0]));
    await session.close();`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit", ...Array.from({ length: 37 }, () => "ignore" as const), "pipe"],
  });
}

/** Command lines of the processes that a bot's sandboxes have on this machine. */
export function sandboxesOf(botPid: number): readonly string[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const line = /^\d+$/.test(name) ? readFileSync(`/proc/${name}/cmdline`, "latin1") : "";
      return line.startsWith("bwrap\0") && line.includes(`-${botPid}-`) ? line : [];
    } catch {
      return [];
    }
  });
}

/** The control groups of its jobs. */
export const groupsOf = (botPid: number): readonly string[] =>
  spawnSync("find", ["/sys/fs/cgroup", "-type", "d", "-name", `copatcher-*-${botPid}-*`], {
    encoding: "utf8",
  })
    .stdout.split("\n")
    .filter((line) => line !== "");
