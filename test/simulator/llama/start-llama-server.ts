import { execFile, spawn } from "node:child_process";
import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { scriptedModel } from "./scripted-model.ts";

const run = promisify(execFile);
const script = fileURLToPath(new URL("llama-server.sh", import.meta.url));
/** Kept between test runs, so that only the first one downloads. */
const folder = join(tmpdir(), "copatcher-llama-server");

export type LlamaServer = { readonly url: string; stop(): Promise<void> };

/** The real llama-server with the scripted model; a text says why it could not be downloaded. */
export async function startLlamaServer(): Promise<LlamaServer | string> {
  try {
    await mkdir(folder, { recursive: true });
    const isThere = await access(join(folder, "complete")).then(
      () => true,
      () => false,
    );
    if (!isThere) await run("sh", [script, "fetch", folder], { timeout: 90_000 });
  } catch (error) {
    return `llama-server could not be downloaded: ${String(error).slice(0, 500)}`;
  }
  const model = join(folder, `scripted-${process.pid}.gguf`);
  await writeFile(model, scriptedModel());
  const port = await freePort();
  const server = spawn("sh", [script, "run", folder, model, String(port)], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    server.kill("SIGKILL");
    await ended;
    await rm(model, { force: true });
  };
  for (let tried = 0; tried < 200 && server.exitCode === null; tried += 1) {
    if (await isHealthy(url)) return { url, stop };
    await delay(50);
  }
  await stop();
  throw new Error(`llama-server was downloaded but does not start (exit ${server.exitCode})`);
}

const isHealthy = async (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ status }) => status === 200,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
