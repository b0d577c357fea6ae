import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A measured or measuring process, with which one talks in messages. */
export type Process = {
  ask<T>(question: unknown, answer: z.ZodType<T>): Promise<T>;
  next<T>(answer: z.ZodType<T>): Promise<T>;
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL to what does not end. */
  stop(): Promise<void>;
};

export function startProcess(
  file: string,
  argument: unknown,
  log: string,
  flags: readonly string[] = [],
): Process {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child: ChildProcess = fork(path, [JSON.stringify(argument)], {
    execArgv: ["--import", "tsx", ...flags],
    stdio: ["ignore", "ignore", openSync(log, "a"), "ipc"],
  });
  const ended = once(child, "exit");

  async function next<T>(answer: z.ZodType<T>): Promise<T> {
    const dead = ended.then(() => {
      throw new Error(`${file} ended; see ${log}`);
    });
    const [message] = (await Promise.race([once(child, "message"), dead])) as unknown[];
    return answer.parse(message);
  }

  return {
    next,
    async ask(question, answer) {
      const answered = next(answer);
      child.send(question as object);
      return answered;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      const end = setTimeout(() => child.kill("SIGKILL"), 10_000);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(end);
    },
  };
}
