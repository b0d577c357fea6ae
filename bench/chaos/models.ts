import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "../../src/demo/environment.ts";
import type { EndedRequest } from "../../src/simulator/http/served-request.ts";

/** The inference server, seen from outside: what it was asked outlives it. */
export type Models = {
  readonly url: string;
  readonly requests: readonly EndedRequest[];
  /** SIGKILL, whatever it is saying; resolves when it answers again. */
  crash(downMs: number): Promise<void>;
  stop(): Promise<void>;
};

type Message = { readonly request: EndedRequest } | { readonly url: string };

const program = fileURLToPath(new URL("model-process.ts", import.meta.url));

export async function startModels(): Promise<Models> {
  const port = await freePort();
  const requests: EndedRequest[] = [];
  let child: ChildProcess;

  async function start(): Promise<void> {
    child = fork(program, [String(port)], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    await new Promise<void>((resolve, reject) => {
      child.on("message", (message: Message) => {
        if ("request" in message) requests.push(message.request);
        else resolve();
      });
      child.once("exit", () => reject(new Error("the inference server ended by itself")));
    });
  }

  async function end(): Promise<void> {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async crash(downMs) {
      await end();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await start();
    },
    stop: end,
  };
}
