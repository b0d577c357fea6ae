import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { forgesWithLastGood } from "../../src/runs/settings-last-good.ts";
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
  const forges = forgesWithLastGood(forge, createSilentLogger());
  const read = async (path: string, installation = 1) => {
    const bytes = await forges.forInstallation(installation).file(repo, path);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  };
  return { forge, forges, read };
}

test("while GitHub cannot be read a file holds as it was read last, and so does that there is none", async () => {
  const { forge, read } = world();
  await read("a.yml");
  await read("none.yml");
  forge.breakDown("file", down);

  expect([await read("a.yml"), await read("none.yml")]).toEqual(["enabled: true", null]);
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
