import { generateKeyPairSync } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { startServer } from "../src/server.ts";
import { createSilentLogger } from "./fakes/silent-logger.ts";

const folder = mkdtempSync(join(tmpdir(), "copatcher-server-"));
afterAll(() => rmSync(folder, { recursive: true }));

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

const configOn = (port: number) =>
  readConfig(
    {
      APP_ID: "123",
      PRIVATE_KEY: pem,
      WEBHOOK_SECRET: "0123456789abcdef",
      HOST: "127.0.0.1",
      PORT: String(port),
      COPATCHER_DATA_DIR: folder,
      COPATCHER_INFERENCE_URL: "http://127.0.0.1:9/v1",
      GITHUB_API_URL: "http://127.0.0.1:9",
      COPATCHER_SANDBOX: "process",
      COPATCHER_TRUST_REPOSITORIES: "demo",
    },
    "server",
  );

test("a port that is taken is named, and nothing of the server stays open", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;

  await expect(startServer(configOn(port), createSilentLogger())).rejects.toMatchObject({
    code: "config-invalid",
    message: expect.stringContaining(`127.0.0.1:${port}`),
  });
  await new Promise((resolve) => other.close(resolve));

  const server = await startServer(configOn(port), createSilentLogger());
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("copatcher_store_up 1");
  await server.stop();
});
