import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startModelServer, type ModelServer } from "../../src/simulator/server.ts";
import { answer, startServer, type RawServer } from "../adapters/openai/raw-server.ts";
import {
  asEntries,
  makeRepository,
  type RealRepository,
  type TreeFiles,
} from "../fixtures/make-repository.ts";
import { lastLine, runSource } from "../fixtures/run-source.ts";
import { smallIssue, smallProject, smallReplies } from "../fixtures/small-project.ts";

// A command starts in seconds, on a busy machine in many.
vi.setConfig({ testTimeout: 120_000 });

/** Everything that a command may write to lies here. */
let folder = "";
let repository: RealRepository;
let closedPort = "";
let page: RawServer;
let models: ModelServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "copatcher-bad-input-"));
  repository = await makeRepository();
  await repository.commit(asEntries(smallProject));
  await mkdir(join(folder, "tmp"));
  await writeFile(join(folder, "issue.md"), `# ${smallIssue.title}\n\n${smallIssue.body}\n`);
  await writeFile(join(folder, "replies.json"), JSON.stringify(smallReplies()));
  closedPort = await portWithoutServer();
  page = await startServer([], { models: answer(200, "<html></html>", { "content-type": "text/html" }) });
  const huge = { text: "", fault: "huge" as const };
  models = await startModelServer({
    replies: smallReplies({ "localize-files": Array.from({ length: 3 }, () => [huge]) }),
    apiKey: "the right key",
  });
});

afterAll(async () => {
  await Promise.all([page.stop(), models.stop()]);
  for (const made of [folder, repository.directory]) await rm(made, { recursive: true, force: true });
});

async function portWithoutServer(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof address === "object" && address !== null ? address.port : 0);
}

type Env = Readonly<Record<string, string>>;

/** What the test run itself has set must not reach the command. */
const cleared = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(COPATCHER_|APP_ID|PRIVATE_KEY|WEBHOOK_SECRET|DOCKER_HOST|GITHUB_)/.test(name))
    .map((name) => [name, undefined]),
);

const places = (): Env => ({ TMPDIR: join(folder, "tmp"), COPATCHER_DATA_DIR: join(folder, "data") });

const sourcePath = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

const trusted = { COPATCHER_SANDBOX: "process", COPATCHER_TRUST_REPOSITORIES: "demo" };

const run = (file: string, args: readonly string[], env: Env) =>
  runSource(file, args, {
    cwd: folder,
    env: { ...cleared, ...places(), ...env },
  });

const spawnSource = (file: string, args: readonly string[]) =>
  spawn(process.execPath, ["--import", import.meta.resolve("tsx"), sourcePath(file), ...args], {
    cwd: folder,
    env: { ...process.env, ...cleared, ...trusted, ...places() },
    stdio: ["ignore", "ignore", "pipe"],
  });

const repair = (args: readonly string[], env: Env, directory = repository.directory) =>
  run(
    "src/cli.ts",
    ["repair", "--repo", directory, "--issue", join(folder, "issue.md"), "--json", ...args],
    env,
  );

const withReplies = (): readonly string[] => ["--replies", join(folder, "replies.json")];

type Case = readonly [string, () => { args: readonly string[]; env: Env }, string, readonly RegExp[]];

test.concurrent.each<Case>([
  [
    "malformed variables are named all at once",
    () => ({
      args: withReplies(),
      env: { PORT: "many", COPATCHER_SANDBOX: "vm", DOCKER_HOST: "ssh://host", COPATCHER_SANDBX: "docker" },
    }),
    "config-invalid",
    [
      /4 environment variables/,
      /PORT must/,
      /COPATCHER_SANDBOX must/,
      /DOCKER_HOST must/,
      /SANDBX .*spelling/,
    ],
  ],
  [
    "no endpoint and no recordings names both ways out",
    () => ({ args: [], env: trusted }),
    "config-invalid",
    [/COPATCHER_INFERENCE_URL/, /--replies/],
  ],
  [
    "an endpoint where nothing listens is named",
    () => ({ args: [], env: { ...trusted, COPATCHER_INFERENCE_URL: `http://127.0.0.1:${closedPort}/v1` } }),
    "inference-unreachable",
    [/127\.0\.0\.1:\d+/, /ECONNREFUSED/],
  ],
  [
    "an endpoint that serves a web page is no inference server",
    () => ({ args: [], env: { ...trusted, COPATCHER_INFERENCE_URL: page.url } }),
    "inference-misconfigured",
    [/not an OpenAI-compatible server/],
  ],
  [
    "a wrong path is refused with the server's status",
    () => ({
      args: [],
      env: {
        ...trusted,
        COPATCHER_INFERENCE_URL: `${models.url}/api`,
        COPATCHER_INFERENCE_KEY: "the right key",
      },
    }),
    "inference-misconfigured",
    [/404/],
  ],
  [
    "a wrong key is refused with the server's status, and not repeated",
    () => ({
      args: [],
      env: { ...trusted, COPATCHER_INFERENCE_URL: models.url, COPATCHER_INFERENCE_KEY: "sk-wrong-key" },
    }),
    "inference-misconfigured",
    [/401/],
  ],
  [
    "an unknown model is named",
    () => ({
      args: [],
      env: {
        ...trusted,
        COPATCHER_INFERENCE_URL: models.url,
        COPATCHER_INFERENCE_KEY: "the right key",
        COPATCHER_LOC_GEN_MODEL: "gpt-99",
      },
    }),
    "inference-misconfigured",
    [/gpt-99/],
  ],
  [
    "models that send 50 MB are unusable",
    () => ({
      args: ["--profile", "quick"],
      env: { ...trusted, COPATCHER_INFERENCE_URL: models.url, COPATCHER_INFERENCE_KEY: "the right key" },
    }),
    "inference-unusable",
    [/all 3 samples failed/, /too-long/],
  ],
  [
    "a Docker engine that is not there is named",
    () => ({
      args: withReplies(),
      env: { COPATCHER_SANDBOX: "docker", DOCKER_HOST: "unix:///nonexistent/docker.sock" },
    }),
    "sandbox-unavailable",
    [/nonexistent\/docker\.sock/],
  ],
  [
    "a data directory that is a file is named, not the repository",
    () => ({ args: withReplies(), env: { ...trusted, COPATCHER_DATA_DIR: join(folder, "issue.md") } }),
    "store-unavailable",
    [/issue\.md/, /COPATCHER_DATA_DIR/],
  ],
])(
  "%s",
  async (_, input, code, said) => {
    const { args, env } = input();

    const result = await repair(args, env);

    expect(result.code).toBe(1);
    expect(lastLine(result)).toMatchObject({ error: { code, help: expect.stringMatching(/\w/) } });
    for (const pattern of said) expect(result.stderr).toMatch(pattern);
    expect(result.stdout + result.stderr).not.toMatch(/sk-wrong-key|^\s+at /m);
  },
  90_000,
);

test.each<[string, () => readonly string[], RegExp]>([
  ["a missing option", () => ["repair", "--repo", ".", "--json"], /--issue/],
  [
    "an output folder that is a file",
    () => {
      const issue = join(folder, "issue.md");
      return ["repair", "--repo", ".", "--issue", issue, ...withReplies(), "--out", issue, "--json"];
    },
    /--out: .*issue\.md/,
  ],
])("%s is a wrong call: exit status 2, and told as data too", async (_, args, said) => {
  const result = await run("src/cli.ts", args(), trusted);

  expect(result.code).toBe(2);
  expect(lastLine(result)).toMatchObject({
    error: { code: "usage", message: expect.stringMatching(said) },
  });
});

test("the doctor does not pass a named sandbox because another one works", async () => {
  const result = await run("src/cli.ts", ["doctor", "--json"], {
    COPATCHER_SANDBOX: "docker",
    DOCKER_HOST: "unix:///nonexistent/docker.sock",
  });

  expect(result.code).toBe(1);
  expect(lastLine(result)).toMatchObject({
    checks: expect.arrayContaining([expect.objectContaining({ name: "sandbox docker", ok: false })]),
  });
});

const awkward: TreeFiles = [
  ["linked.py", { link: "../../../../../etc/passwd" }],
  ["outside", { link: "/tmp" }],
  ["vendored", { submodule: "0123456789012345678901234567890123456789" }],
  [".gitmodules", '[submodule "v"]\n\tpath = vendored\n\turl = ext::touch pwned\n'],
  ["with space/a b.py", "x = 1\n"],
  ["quo\"te's.py", "x = 1\n"],
  ["new\nline.py", "x = 1\n"],
  [Buffer.from([0x6c, 0xe9, 0x2e, 0x70, 0x79]), "x = 1\n"],
  ["--upload-pack=x.py", "x = 1\n"],
  ["$(touch pwned).py", "x = 1\n"],
  ["calc/latin.py", new Uint8Array([0x23, 0xe9, 0x0a])],
  ["big.bin", new Uint8Array(100 * 2 ** 20)],
];

test("a repository with awkward names, links, a submodule and a 100 MB file is repaired and left as it was", async () => {
  const odd = await makeRepository();
  await odd.commit([...asEntries(smallProject), ...awkward]);
  const refs = await odd.git("for-each-ref");
  try {
    const result = await repair([...withReplies(), "--out", join(folder, "out")], trusted, odd.directory);

    expect(lastLine(result)).toMatchObject({ verdict: "validated", candidates: 1 });
    expect(await odd.git("for-each-ref")).toBe(refs);
    expect(await readdir(odd.directory)).toEqual([".git"]);
  } finally {
    await rm(odd.directory, { recursive: true, force: true });
  }
});

test("a server without its variables names them all and does not start", async () => {
  const result = await run("src/main.ts", [], { PRIVATE_KEY: "-----BEGIN CERTIFICATE-----\nMII\n" });

  expect(result.code).toBe(1);
  for (const name of ["APP_ID is not set", "WEBHOOK_SECRET is not set", "COPATCHER_INFERENCE_URL is not set"])
    expect(result.stderr).toContain(name);
  expect(result.stderr).toContain("PRIVATE_KEY is a certificate, not a private key");
  expect(result.stderr).not.toContain("MII");
});

test("a repair that is told to stop ends its sandbox jobs and says that it was cancelled", async () => {
  const slow = smallReplies({ generate: [[{ text: "", delayMs: 60_000 }]] });
  await writeFile(join(folder, "slow.json"), JSON.stringify(slow));
  const from = ["--repo", repository.directory, "--issue", join(folder, "issue.md")];
  const child = spawnSource("src/cli.ts", ["repair", ...from, "--replies", join(folder, "slow.json")]);
  const ended = once(child, "close");
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (!child.killed && said.includes("Reproduce the issue")) child.kill("SIGTERM");
  });

  await ended;

  expect(child.exitCode).toBe(1);
  expect(said).toContain("cancelled");
});

test("no command has left a temporary folder", async () => {
  const left = await readdir(join(folder, "tmp"));

  expect(left.filter((name) => !name.startsWith("tsx-"))).toEqual([]);
});
