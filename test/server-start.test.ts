import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { lockDirectory } from "../src/adapters/postgres/directory-lock.ts";
import { createSystemClock } from "../src/adapters/system/clock.ts";
import { readConfig } from "../src/config.ts";
import { startServer } from "../src/server.ts";
import { createSilentLogger } from "./fakes/silent-logger.ts";

const key = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey;

test("a second bot on the same data directory removes nothing before it finds out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-server-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const left = join(folder, `copatcher-process-${spawnSync("true").pid}-x`);
  mkdirSync(left);
  const release = await lockDirectory(join(folder, "data", "store"), createSystemClock());
  onTestFinished(release);
  const variables = {
    APP_ID: "1",
    PRIVATE_KEY: key,
    WEBHOOK_SECRET: "a secret of some length",
    PORT: "0",
    COPATCHER_DATA_DIR: join(folder, "data"),
    COPATCHER_INFERENCE_URL: "http://127.0.0.1:9/v1",
    GITHUB_API_URL: "http://127.0.0.1:9",
    COPATCHER_SANDBOX: "process",
    COPATCHER_TRUST_REPOSITORIES: "demo",
  };

  await expect(startServer(readConfig(variables, "server"), createSilentLogger())).rejects.toMatchObject({
    code: "store-unavailable",
  });

  expect(existsSync(left)).toBe(true);
}, 60_000);
