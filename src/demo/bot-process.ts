import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { RepairError } from "../domain/errors.ts";

/** One line of the bot's structured log. */
export type LogLine = { readonly msg: string; readonly [field: string]: unknown };

export type BotProcess = {
  /** Kills the process as a power cut would; it is started again like any other death. */
  crash(): void;
  restarts(): number;
  pid(): number | undefined;
  stop(): Promise<void>;
};

type BotOptions = {
  readonly environment: Readonly<Record<string, string>>;
  /** Everything the bot logs is kept here. */
  readonly logFile: string;
  readonly onLine: (line: LogLine) => void;
  readonly onRestart: (why: string) => void;
  /** The bot cannot be kept alive. */
  readonly onGiveUp: (error: RepairError) => void;
};

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const maxRestarts = 5;

/** The real bot, `src/main.ts`, as a supervised process of its own: when it dies it is started again. */
export function startBot(options: BotOptions): BotProcess {
  const log = createWriteStream(options.logFile, { flags: "a" });
  let stopping = false;
  let restarts = 0;
  let child: ChildProcess;

  const start = (): void => {
    child = spawn(process.execPath, ["--import", "tsx", main], {
      env: options.environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let lastWords = "";
    if (child.stderr !== null) {
      createInterface({ input: child.stderr }).on("line", (text) => {
        log.write(`${text}\n`);
        const line = readLine(text);
        if (line === null) lastWords = `${lastWords}${text}\n`.slice(-2_000);
        else options.onLine(line);
      });
    }
    child.once("exit", (code, signal) => {
      if (stopping) return;
      if (code === 1 || restarts >= maxRestarts) {
        options.onGiveUp(
          new RepairError("internal", `the bot ended (${signal ?? code}): ${lastWords.trim()}`),
        );
        return;
      }
      restarts += 1;
      options.onRestart(`the bot ended (${signal ?? code})`);
      start();
    });
  };
  start();

  return {
    crash: () => child.kill("SIGKILL"),
    restarts: () => restarts,
    pid: () => child.pid,
    async stop() {
      stopping = true;
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      log.end();
    },
  };
}

function readLine(text: string): LogLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "msg" in value && typeof value.msg === "string"
      ? { ...value, msg: value.msg }
      : null;
  } catch {
    return null;
  }
}
