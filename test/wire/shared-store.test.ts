import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { botEnvironment } from "../../src/demo/environment.ts";
import { wireGitHub } from "../../src/wire/github.ts";
import { makeFaultyWorld, type FaultyWorld } from "../adapters/github/faulty-github.ts";
import { baseFiles } from "../contracts/forge.ts";
import { createMemoryFileCopies } from "../fakes/memory-file-copies.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { asEntries } from "../fixtures/make-repository.ts";

const repo = { owner: "acme", name: "rates" };

let world: FaultyWorld;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
afterAll(() => world.close());

/** Processes as the server wires them, on one store. */
function processes() {
  const duties: string[] = [];
  const store = {
    runs: { takeDuty: async (name: string) => duties.push(name) > 0 },
    files: createMemoryFileCopies(),
  };
  const { appId, privateKey, installationId } = world.github;
  const environment = botEnvironment({
    github: { url: world.wire.url, appId, privateKey },
    webhookSecret: "a secret for this test",
    modelsUrl: "http://127.0.0.1:9",
    port: 1,
    dataDirectory: tmpdir(),
  });
  const start = () => {
    const config = readConfig(environment, "server");
    const { forges } = wireGitHub(config, createSilentLogger(), { store });
    return forges.forInstallation(installationId);
  };
  return { start, duties };
}

test("a process that starts while GitHub cannot be read has the files as an earlier one read them", async () => {
  const { start } = processes();
  const before = await start().file(repo, "README.md");
  world.wire.fate = () => ({ status: 429, headers: { "retry-after": "3600" } });

  const after = await start().file(repo, "README.md");

  world.wire.fate = () => "passes";
  expect(before).not.toBeNull();
  expect(Buffer.from(after ?? [])).toEqual(Buffer.from(before ?? []));
});

test("whoever is to write a comment first asks the store whether it is the only one; no name is stored", async () => {
  const { start, duties } = processes();
  const number = await world.github.openIssue("Bug", "It breaks", "rita");

  await start().upsertComment({ repo, number }, "<!-- m -->", "one");
  await start().upsertComment({ repo, number }, "<!-- m -->", "two");

  expect(duties).toEqual([expect.stringMatching(/^creation [0-9a-f]{64}$/)]);
});
