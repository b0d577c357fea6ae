import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** One line of a bot's log; `time` in milliseconds since 1970. */
export type BotLine = {
  readonly bot: string;
  readonly time: number;
  readonly msg: string;
  readonly [field: string]: unknown;
};

export type BotOptions = {
  readonly name: string;
  readonly role: "all" | "web" | "worker";
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly onLine: (line: BotLine) => void;
};

/** One process of the bot that is killed again and again. */
export type Bot = {
  readonly name: string;
  readonly role: BotOptions["role"];
  /** Whether it has said that it is ready, and nothing has been done to it since. */
  isReady(): boolean;
  ready(): Promise<void>;
  /** Milliseconds that its last start took until it was ready: how busy the machine is. */
  startMs(): number;
  /** Starts it; a process that ends by itself is started again, as a supervisor would. */
  start(): void;
  kill(): Promise<void>;
  /** SIGTERM. Resolves with its exit code. */
  drain(): Promise<number | null>;
  freeze(): void;
  thaw(): void;
  /** Ends that nobody asked for: crashes of the bot's own. */
  ownEnds(): readonly string[];
};

const restartMs = 500;

export function createBot(options: BotOptions): Bot {
  const { name, role, program } = options;
  const log = createWriteStream(options.logFile, { flags: "a" });
  const ownEnds: string[] = [];
  let child: ChildProcess | null = null;
  let wanted = false;
  let ready = false;
  let startedAt = 0;
  let startMs = 0;
  const waiting: (() => void)[] = [];

  function nowReady(): void {
    ready = true;
    for (const resolve of waiting.splice(0)) resolve();
  }

  function start(): void {
    wanted = true;
    startedAt = performance.now();
    let lastWords = "";
    const started = spawn(process.execPath, [program], {
      env: options.environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child = started;
    createInterface({ input: started.stderr }).on("line", (text) => {
      log.write(`${text}\n`);
      const line = lineOf(name, text);
      if (line === null) {
        lastWords = `${lastWords}${text}\n`.slice(-1_000);
        return;
      }
      if (line.msg === "copatcher is ready" && child === started) {
        startMs = performance.now() - startedAt;
        nowReady();
      }
      options.onLine(line);
    });
    started.once("exit", (code, signal) => {
      if (child !== started || !wanted) return;
      ready = false;
      ownEnds.push(`${name} ended by itself (${signal ?? code}): ${lastWords.trim()}`);
      setTimeout(() => {
        if (wanted && child === started) start();
      }, restartMs);
    });
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    wanted = false;
    ready = false;
    const ending = child;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return null;
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
    return ending.exitCode;
  }

  return {
    name,
    role,
    isReady: () => ready,
    ready: () => (ready ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    startMs: () => startMs,
    start,
    kill: async () => void (await end("SIGKILL")),
    drain: () => end("SIGTERM"),
    freeze() {
      ready = false;
      child?.kill("SIGSTOP");
    },
    thaw() {
      child?.kill("SIGCONT");
      nowReady();
    },
    ownEnds: () => ownEnds,
  };
}

function lineOf(bot: string, text: string): BotLine | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const { msg, time } = value;
    if (typeof msg !== "string" || typeof time !== "string") return null;
    return { ...value, bot, msg, time: Date.parse(time) };
  } catch {
    return null;
  }
}
