import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { forgesReadingOnce } from "../../src/runs/reading-once.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";

const repo = { owner: "acme", name: "rates" };

/** Forges that count their reads. */
function counted() {
  const inner = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
    files: { "acme/rates:a": "one" },
  });
  const reads: string[] = [];
  const forge: typeof inner = {
    ...inner,
    file(of, path, commit) {
      reads.push(`${path}@${commit ?? "default"}`);
      return inner.file(of, path, commit);
    },
  };
  return { inner, reads, forges: forgesReadingOnce({ forInstallation: () => forge }) };
}

test("a file is asked for once, by whomever and however often it is read", async () => {
  const { reads, forges } = counted();

  const [first, second] = [forges.forInstallation(7), forges.forInstallation(7)];
  const texts = await Promise.all([first.file(repo, "a"), first.file(repo, "a"), second.file(repo, "a")]);

  expect(texts.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(["one", "one", "one"]);
  expect(reads).toEqual(["a@default"]);
});

test("another file, commit or installation is another read", async () => {
  const { reads, forges } = counted();

  await forges.forInstallation(7).file(repo, "a");
  await forges.forInstallation(7).file(repo, "b");
  await forges.forInstallation(7).file(repo, "a", "c0ffee");
  await forges.forInstallation(8).file(repo, "a");

  expect(reads).toEqual(["a@default", "b@default", "a@c0ffee", "a@default"]);
});

test("a read that failed is done again", async () => {
  const { inner, forges } = counted();
  const forge = forges.forInstallation(7);
  inner.breakDown("file", new RepairError("forge-unavailable", "down"));
  await expect(forge.file(repo, "a")).rejects.toMatchObject({ code: "forge-unavailable" });
  inner.breakDown("file", null);

  expect(await forge.file(repo, "a")).not.toBeNull();
});
