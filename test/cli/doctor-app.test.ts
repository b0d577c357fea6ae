import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterEach, beforeAll, expect, test } from "vitest";
import { checkApp } from "../../src/cli/doctor-app.ts";
import { readConfig } from "../../src/config.ts";
import { neededEvents, neededPermissions } from "../../src/domain/registration.ts";

const api = "https://github.example.com/api/v3";
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const env = {
  GITHUB_API_URL: api,
  APP_ID: "7",
  WEBHOOK_SECRET: "hooks-1-of-the-test",
  PRIVATE_KEY: privateKey,
};
const whole = { slug: "our-bot", permissions: neededPermissions, events: neededEvents };

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());

const answer = (status: number, body: object) => nock(api).get("/app").reply(status, body);
const check = () => checkApp(readConfig(env, "cli"));

test("an App with what app.yml asks for is fine", async () => {
  answer(200, whole);

  expect(await check()).toEqual({
    name: "GitHub App",
    ok: true,
    detail: `our-bot at ${api} has what app.yml asks for`,
    fix: "",
  });
});

test("an App without a permission and an event is told what to add, and where", async () => {
  answer(200, { ...whole, permissions: { ...neededPermissions, checks: "read" }, events: ["issues"] });

  const { ok, detail, fix } = await check();

  expect(ok).toBe(false);
  expect(detail).toContain("lacks permission checks: write (it has read), event issue_comment");
  expect(fix).toContain("Permissions & events");
});

test("credentials that GitHub refuses are named without the secret", async () => {
  answer(401, { message: "A JSON web token could not be decoded" });

  const refused = await check();

  expect(refused).toMatchObject({ name: "GitHub App", ok: false });
  expect(refused.fix).not.toBe("");
  expect(JSON.stringify(refused)).not.toContain("hooks-1");
  expect(JSON.stringify(refused)).not.toContain("PRIVATE KEY-----");
});

test("without an App the command line goes on, and says what the bot needs", async () => {
  const alone = await checkApp(readConfig({}, "cli"));

  expect(alone).toMatchObject({ ok: true, detail: expect.stringContaining("APP_ID") });
});
