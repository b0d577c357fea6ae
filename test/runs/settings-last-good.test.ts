import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { Forges } from "../../src/ports/forge.ts";
import { forgesWithLastGood } from "../../src/runs/settings-last-good.ts";
import { createMemoryFileCopies } from "../fakes/memory-file-copies.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const repo = { owner: "octo", name: "calc" };
const down = new RepairError("forge-unavailable", "GitHub is down");

function world() {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
    files: { "octo/calc:a.yml": "enabled: true" },
  });
  const deps = { files: createMemoryFileCopies(), logger: createSilentLogger() };
  const forges = forgesWithLastGood(forge, deps);
  const readAs = async (process: Forges, path: string, installation = 1) => {
    const bytes = await process.forInstallation(installation).file(repo, path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  const read = (path: string, installation = 1) => readAs(forges, path, installation);
  const readAfterRestart = (path: string) => readAs(forgesWithLastGood(forge, deps), path);
  return { forge, forges, deps, read, readAfterRestart };
}

test("while GitHub cannot be read a file holds as it was read last, and so does that there is none", async () => {
  const { forge, read } = world();
  await read("a.yml");
  await read("none.yml");
  forge.breakDown("file", down);

  expect([await read("a.yml"), await read("none.yml")]).toEqual(["enabled: true", null]);
});

test("what an earlier process read holds as well", async () => {
  const { forge, read, readAfterRestart } = world();
  await read("a.yml");
  forge.breakDown("file", down);

  expect(await readAfterRestart("a.yml")).toBe("enabled: true");
});

test("a copy that cannot be kept costs nobody the file", async () => {
  const { deps, read } = world();
  deps.files.keep = () => Promise.reject(new RepairError("store-unavailable", "the disk is full"));

  expect(await read("a.yml")).toBe("enabled: true");
});

test("what was never read, or only by another installation, is not known", async () => {
  const { forge, read } = world();
  await read("a.yml", 2);
  forge.breakDown("file", down);

  await expect(read("a.yml", 1)).rejects.toBe(down);
});

test("a refusal is no outage", async () => {
  const { forge, read } = world();
  await read("a.yml");
  const refusal = new RepairError("forge-rejected", "no permission");
  forge.breakDown("file", refusal);

  await expect(read("a.yml")).rejects.toBe(refusal);
});

test("a commit's file is neither taken from the default branch's nor remembered for it", async () => {
  const { forge, forges, read } = world();
  await read("a.yml");

  expect(await forges.forInstallation(1).file(repo, "a.yml", "b".repeat(40))).toBeNull();
  forge.breakDown("file", down);

  expect(await read("a.yml")).toBe("enabled: true");
  await expect(forges.forInstallation(1).file(repo, "a.yml", "b".repeat(40))).rejects.toBe(down);
});
