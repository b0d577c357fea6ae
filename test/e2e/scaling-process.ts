import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { z } from "zod";

const Line = z.looseObject({ msg: z.string() });
type LogLine = z.infer<typeof Line>;

/** What a command of the page started. */
export type StartedProcess = {
  /** The first line of its log for which this holds; an error when the process ends before. */
  line(holds: (line: LogLine) => boolean): Promise<LogLine>;
  logged(msg: string): Promise<LogLine>;
  /** Its address, once it is ready. */
  ready(): Promise<string>;
  /** To all its processes, as systemd and terminals do: npm and what it started. */
  signal(signal: NodeJS.Signals): void;
  /** The last that it said beside its log; once none of its processes lives any more. */
  ended(): Promise<string>;
};

const root = fileURLToPath(new URL("../../", import.meta.url));
const patience = { timeout: 120_000, interval: 50 };

/** Runs a command in the repository's root as the leader of a group of its own. */
export function startProcess(command: string, env: Readonly<Record<string, string>>): StartedProcess {
  const child = spawn("sh", ["-ec", command], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines: LogLine[] = [];
  let words = "";
  let over = false;
  // its standard error is closed when the last process of the group has ended
  const closed = once(child, "close").then(() => (over = true));
  createInterface({ input: child.stderr }).on("line", (text) => {
    const line = readLine(text);
    if (line === null) words = `${words}${text}\n`.slice(-4_000);
    else lines.push(line);
  });

  const line = async (holds: (line: LogLine) => boolean): Promise<LogLine> => {
    let found: LogLine | undefined;
    const isOver = (): boolean => {
      found = lines.find(holds);
      return found !== undefined || over;
    };
    const inTime = await vi.waitUntil(isOver, patience).catch(() => false);
    if (found !== undefined) return found;
    const log = lines.slice(-20).map((one) => JSON.stringify(one));
    const what = inTime ? "it ended" : "it did not say it in time";
    throw new Error([`${what}: ${command}`, words, ...log].join("\n"));
  };
  const logged = (msg: string): Promise<LogLine> => line((one) => one.msg === msg);
  return {
    line,
    logged,
    ready: async () => z.string().parse((await logged("copatcher is ready"))["url"]),
    signal(signal) {
      if (child.pid !== undefined && !over) process.kill(-child.pid, signal);
    },
    async ended() {
      await closed;
      return words;
    },
  };
}

function readLine(text: string): LogLine | null {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
