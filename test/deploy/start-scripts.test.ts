import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pathOf } from "./recipe-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-recipes-"));
  await mkdir(join(folder, "model"));
  await writeFile(join(folder, "model", "config.json"), "{}");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a start script with a stand-in for vLLM, a line of shell; returns its lines and exit status. */
async function start(
  script: string,
  words: readonly string[],
  engine: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly lines: readonly string[]; readonly status: unknown }> {
  await writeFile(join(folder, "vllm"), `#!/bin/sh\n${engine}\n`);
  await chmod(join(folder, "vllm"), 0o755);
  const child = spawn("bash", [pathOf(`deploy/${script}`), ...words], {
    env: { PATH: `${folder}${delimiter}${process.env["PATH"]}`, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  const [status] = (await once(child, "exit")) as readonly unknown[];
  return { lines: text.trimEnd().split("\n"), status };
}

test("an engine starts with what all have in common, then with its own flags", async () => {
  const { lines, status } = await start(
    "start-engine.sh",
    [join(folder, "model"), "--max-num-seqs=7"],
    'echo "$@"',
  );

  expect(status).toBe(0);
  expect(lines[0]).toMatch(
    /^serve \S+\/model --host=0\.0\.0\.0 --port=8000 .*--scheduling-policy=priority .*--max-num-seqs=7$/,
  );
});

test("an engine that starts after another asks for that one's health first", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const before = { START_AFTER: `http://127.0.0.1:${port}/health` };
  const { lines } = await start("start-engine.sh", [join(folder, "model")], "echo started", before);
  server.close();

  expect(asked).toEqual(["/health"]);
  expect(lines).toEqual([`waiting for ${before.START_AFTER}`, "started"]);
});

test("two engines of one container end together, with the status of the one that failed", async () => {
  const model = join(folder, "model");

  const { status } = await start("two-engines.sh", [model, "--", model], "exit 3");

  expect(status).toBe(3);
});
