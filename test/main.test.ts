import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { botEnvironment } from "../src/demo/environment.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9";

const pem = {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "pkcs1", format: "pem" },
} as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-main-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const environment = () => ({
  ...botEnvironment({
    github: { url: nowhere, appId: 1, privateKey: generateKeyPairSync("rsa", pem).privateKey },
    webhookSecret: "a secret for this test",
    modelsUrl: nowhere,
    port: 0,
    dataDirectory: folder,
  }),
  COPATCHER_SANDBOX: "process",
});

test(
  "an error that nobody hears while the bot is stopping keeps nothing from its end",
  { timeout: 90_000 },
  async () => {
    const late = 'process.on("SIGTERM", () => setTimeout(() => { throw new Error("too late"); }, 0))';
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--import", `data:text/javascript,${late}`, main],
      {
        env: environment(),
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      if (line.includes("copatcher is ready")) child.kill("SIGTERM");
    });
    await once(child, "close");

    expect(lines.join("\n")).toContain("stopping goes on after an error");
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  },
);
