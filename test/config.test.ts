import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { writeLimit } from "../src/adapters/github/send.ts";
import { type Env, readConfig } from "../src/config.ts";
import { variables } from "../src/config/variables.ts";
import { RepairError } from "../src/domain/errors.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = rsa.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
const ecPem = generateKeyPairSync("ec", { namedCurve: "P-256" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const lockedPem = rsa.privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" })
  .toString();

const folder = mkdtempSync(join(tmpdir(), "copatcher-config-"));
const keyFile = join(folder, "key.pem");
writeFileSync(keyFile, pem);
afterAll(() => rmSync(folder, { recursive: true }));

const complete: Env = {
  APP_ID: "123",
  PRIVATE_KEY: pem,
  WEBHOOK_SECRET: "0123456789abcdef",
  COPATCHER_INFERENCE_URL: "http://gpu:8000/v1/",
};

function refusal(env: Env, mode: "server" | "cli" = "server"): RepairError {
  try {
    if (mode === "server") readConfig(env, mode);
    else readConfig(env, mode);
  } catch (error) {
    if (error instanceof RepairError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("a complete environment", () => {
  test("gives the defaults of the paper", () => {
    const config = readConfig(complete, "server");

    expect(config.app).toEqual({ id: 123, privateKey: pem, webhookSecret: "0123456789abcdef" });
    expect(config.github).toEqual({ apiUrl: "https://api.github.com", webUrl: "https://github.com" });
    expect(config.server).toEqual({ host: "127.0.0.1", port: 3000, publicUrl: null });
    expect(config.inference).toMatchObject({
      roles: {
        "loc-gen": { urls: ["http://gpu:8000/v1"], model: "loc-gen", key: null },
        "val-assert": { urls: ["http://gpu:8000/v1"], model: "val-assert", key: null },
        "val-no-assert": { urls: ["http://gpu:8000/v1"], model: "val-no-assert", key: null },
      },
      systemPrompt: "You are a helpful assistant.",
      concurrency: 64,
      affinityHeader: null,
    });
    expect(config.sandbox).toMatchObject({
      kind: "auto",
      processAllowed: false,
      image: "python:3.12-slim",
      dockerHost: null,
    });
    expect(config.sandbox.slots).toBeGreaterThanOrEqual(1);
    expect(config).toMatchObject({ profile: "paper", critique: false, maxRepositoryMb: 1024 });
    expect(isAbsolute(config.dataDirectory)).toBe(true);
  });

  test.each([
    ["https://git.example.com/api/v3", "https://git.example.com"],
    ["https://api.acme.ghe.com", "https://acme.ghe.com"],
    ["http://127.0.0.1:4000/", "http://127.0.0.1:4000"],
  ])("finds the web address that belongs to %s", (GITHUB_API_URL, webUrl) => {
    expect(readConfig({ ...complete, GITHUB_API_URL }, "server").github.webUrl).toBe(webUrl);
  });

  test.each([
    [undefined, false, true],
    ["0", false, false],
    ["1", true, true],
    ["false", false, false],
    ["true", true, true],
  ])("takes %s for a switch that is off or on, whatever it is when nobody says it", (said, off, on) => {
    const switches = { COPATCHER_ONBOARDING: said, COPATCHER_EARLY_STOP: said };
    const config = readConfig({ ...complete, ...switches }, "server");

    expect([config.onboarding, config.earlyStop]).toEqual([off, on]);
  });

  test("counts an empty variable as unset", () => {
    expect(readConfig({ ...complete, PORT: "", COPATCHER_SANDBOX: " " }, "server").server.port).toBe(3000);
  });

  test("lets only the demo run without isolation", () => {
    const demo = { COPATCHER_SANDBOX: "process", COPATCHER_TRUST_REPOSITORIES: "demo" };

    expect(readConfig(demo, "cli").sandbox).toMatchObject({ kind: "process", processAllowed: true });
    expect(refusal({ COPATCHER_SANDBOX: "process" }, "cli").message).toContain("only the demo");
  });

  test("runs no repository of a real GitHub without isolation", () => {
    const demo = { ...complete, COPATCHER_SANDBOX: "process", COPATCHER_TRUST_REPOSITORIES: "demo" };
    const embedded = readConfig({ ...demo, GITHUB_API_URL: "http://127.0.0.1:4000" }, "server");

    expect(embedded.sandbox.processAllowed).toBe(true);
    for (const url of [undefined, "https://github.corp/api/v3", "https://127.0.0.1.evil.example"]) {
      const env = url === undefined ? demo : { ...demo, GITHUB_API_URL: url };
      expect(refusal(env, "server").message).toContain("COPATCHER_TRUST_REPOSITORIES must not be set");
    }
  });
});

describe("the lease of a run", () => {
  test("outlasts a change that GitHub is still making, except on a GitHub of this machine's tests", () => {
    const leaseMs = (seconds: string, GITHUB_API_URL?: string) =>
      readConfig({ ...complete, COPATCHER_LEASE_SECONDS: seconds, GITHUB_API_URL }, "server").runs.leaseMs;

    expect(refusal({ ...complete, COPATCHER_LEASE_SECONDS: "14" }).message).toContain(
      "COPATCHER_LEASE_SECONDS must be 15 or more",
    );
    expect(() => leaseMs("14", "https://127.0.0.1.evil.example")).toThrow("must be 15 or more");
    expect(() => leaseMs("1", "http://127.0.0.1:4000")).toThrow("from 2 to 3600");
    expect(leaseMs("15")).toBeGreaterThan(writeLimit);
    expect(leaseMs("2", "http://127.0.0.1:4000")).toBe(2_000);
  });
});

describe("the set-up of environments", () => {
  test("reaches the usual registries and nothing of the own network, unless told", () => {
    const { setup } = readConfig({}, "cli");

    expect(setup.hosts).toEqual(
      expect.arrayContaining(["pypi.org", "registry.npmjs.org", "proxy.golang.org"]),
    );
    expect(setup.hosts).not.toContain("github.com");
    expect(setup).toMatchObject({
      privateHosts: [],
      stepMinutes: 20,
      memoryMb: 4096,
      disk: { mb: 8192, files: 1_000_000 },
      keep: 20,
      caFile: null,
      proxy: null,
    });
    expect(isAbsolute(setup.directory)).toBe(true);
  });

  test("takes hosts besides the usual ones, or instead of them, or none", () => {
    const hosts = (COPATCHER_SETUP_HOSTS: string) => readConfig({ COPATCHER_SETUP_HOSTS }, "cli").setup.hosts;

    expect(hosts("default, GitHub.com")).toEqual(expect.arrayContaining(["pypi.org", "github.com"]));
    expect(hosts("*.example.com:8443 a.b")).toEqual(["*.example.com:8443", "a.b"]);
    expect(hosts("none")).toEqual([]);
  });

  test.each([
    ["COPATCHER_SETUP_HOSTS", "https://pypi.org", "host names"],
    ["COPATCHER_SETUP_PRIVATE_HOSTS", "a b$", "host names"],
    ["COPATCHER_SETUP_PRIVATE_HOSTS", "a.b 10.1.2.3:8443", "no addresses (10.1.2.3:8443)"],
    ["COPATCHER_SETUP_HOSTS", "0x7f000001", "no addresses"],
    ["COPATCHER_SETUP_HOSTS", "[::1]:443", "no addresses"],
    ["COPATCHER_SETUP_HOSTS", "pypi.org:70000", "host names"],
    ["COPATCHER_SETUP_MINUTES", "0", "from 1 to"],
    ["COPATCHER_SETUP_PROXY", "proxy:3128", "http://"],
    ["COPATCHER_SETUP_CA_FILE", "/absent.pem", "cannot be read (ENOENT)"],
  ])("refuses %s=%s", (name, value, words) => {
    expect(refusal({ [name]: value }, "cli").message).toMatch(
      new RegExp(`${name} .*${words.replace(/[()]/g, "\\$&")}`),
    );
  });

  test("refuses a file of authorities that holds none", () => {
    expect(refusal({ COPATCHER_SETUP_CA_FILE: keyFile }, "cli").message).toContain(
      "without PEM certificates",
    );
  });
});

describe("the private key", () => {
  test("may have its line ends written as \\n", () => {
    const config = readConfig({ ...complete, PRIVATE_KEY: pem.replaceAll("\n", "\\n") }, "server");

    expect(config.app.privateKey).toBe(pem);
  });

  test("may come from a file", () => {
    const env = { ...complete, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: keyFile };

    expect(readConfig(env, "server").app.privateKey).toBe(pem);
  });

  test.each([
    ["is a public key", publicPem, "is a public key, not a private key"],
    ["is no PEM", "hunter2-hunter2", "is no PEM text"],
    ["is cut off", pem.slice(0, 400), "does not parse"],
    ["has a passphrase", lockedPem, "does not parse"],
    ["is not RSA", ecPem, "is not an RSA key"],
  ])("is refused when it %s", (_, PRIVATE_KEY, words) => {
    const { message } = refusal({ ...complete, PRIVATE_KEY });

    expect(message).toContain(`PRIVATE_KEY ${words.startsWith("is") ? words : "is"}`);
    expect(message).toContain(words);
  });

  test("is refused when its file cannot be read or both variables are set", () => {
    const absent = { ...complete, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: join(folder, "absent") };

    expect(refusal(absent).message).toContain("cannot be read (ENOENT)");
    expect(refusal({ ...complete, PRIVATE_KEY_PATH: keyFile }).message).toContain("keep one of them");
  });
});

describe("a wrong environment", () => {
  test("is told everything at once, with an example each", () => {
    const error = refusal({ PORT: "80a", COPATCHER_PROFILE: "fast", COPATCHER_INFERENCE_URL: "gpu:8000" });

    expect(error.code).toBe("config-invalid");
    for (const name of [
      "PORT",
      "COPATCHER_PROFILE",
      "COPATCHER_INFERENCE_URL",
      "APP_ID",
      "WEBHOOK_SECRET",
      "PRIVATE_KEY",
    ])
      expect(error.message).toMatch(new RegExp(`^  ${name} .+\\(example: ${name}=.+\\)$`, "m"));
    expect(error.message).toContain("6 environment variables must be corrected");
  });

  test("never has its values repeated", () => {
    const secrets = { ...complete, PRIVATE_KEY: "s3cret-key", WEBHOOK_SECRET: "s3cret", APP_ID: "s3cret-id" };
    const urls = { COPATCHER_INFERENCE_URL: "http://me:s3cret@gpu/v1", DOCKER_HOST: "tcp://s3cret@x:1" };
    const error = refusal({ ...secrets, ...urls, PORT: "s3cret-port" });

    expect(`${error.message}${JSON.stringify(error.data)}${error.stack}`).not.toContain("s3cret");
    expect(error.data["problems"]).toHaveLength(6);
  });

  test.each([
    ["APP_ID", "Iv1.8a61f9b3a7aba766", "client id"],
    ["APP_ID", "-1", "whole number"],
    ["WEBHOOK_SECRET", "development", "Probot's public default"],
    ["WEBHOOK_SECRET", "short", "16 characters"],
    ["PORT", "65536", "from 0 to 65535"],
    ["GITHUB_API_URL", "ftp://x", "http://"],
    ["COPATCHER_INFERENCE_URL", "http://u:p@x/v1", "user name or password"],
    ["COPATCHER_SANDBOX", "podman", "one of auto, docker, bubblewrap"],
    ["COPATCHER_SANDBOX_IMAGE", "my image", "without spaces"],
    ["COPATCHER_SANDBOX_IMAGE", "--privileged", "image reference"],
    ["COPATCHER_SANDBOX_SLOTS", "0", "from 1"],
    ["COPATCHER_CRITIQUE", "yes", "one of 0, 1"],
    ["COPATCHER_TRUST_REPOSITORIES", "all", "only the demo"],
    ["DOCKER_HOST", "ssh://host", "unix:///path or tcp://host:port"],
    ["COPATCHER_SANBOX", "docker", "check its spelling"],
  ])("is told that %s=%s is wrong", (name, value, words) => {
    const { message } = refusal({ ...complete, [name]: value });

    expect(message).toContain(`  ${name} `);
    expect(message).toContain(words);
    expect(message).toContain("One environment variable must be corrected");
  });

  test("is not told of what Kubernetes sets for a Service that is named like the bot", () => {
    const service = [
      "SERVICE_HOST",
      "SERVICE_PORT",
      "SERVICE_PORT_HTTP",
      "PORT",
      "PORT_3000_TCP",
      "PORT_3000_TCP_ADDR",
    ];
    const set = service.flatMap((name) => [`COPATCHER_${name}`, `COPATCHER_BOT_${name}`]);

    expect(() =>
      readConfig({ ...complete, ...Object.fromEntries(set.map((name) => [name, "10.0.0.1"])) }, "server"),
    ).not.toThrow();
    expect(refusal({ ...complete, COPATCHER_PORTS: "1" }).message).toContain("COPATCHER_PORTS");
  });

  test("is told which role has no address when only some have one", () => {
    const { message } = refusal({ COPATCHER_LOC_GEN_URL: "http://a/v1" }, "cli");

    expect(message).toMatch(/COPATCHER_VAL_ASSERT_URL[^]+COPATCHER_VAL_NO_ASSERT_URL/);
  });
});

test("the command line needs neither the App nor an inference address", () => {
  expect(readConfig({}, "cli")).toMatchObject({ app: null, inference: null });
  expect(refusal({ APP_ID: "x" }, "cli").message).toContain("APP_ID");
});

test("the table explains every variable once", () => {
  expect(variables.map(({ name }) => name)).toContain("COPATCHER_SANDBOX_IMAGE");
  for (const { meaning, example } of variables) expect([meaning, example]).not.toContain("");
});
