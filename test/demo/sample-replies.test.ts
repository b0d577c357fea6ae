import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openGit } from "../../src/demo/github/git.ts";
import { createSampleRepository, sampleReplies } from "../../src/demo/sample.ts";
import { applyEdits, type FileLookup } from "../../src/domain/apply-edits.ts";
import { parseEdits } from "../../src/domain/parse-edits.ts";
import { splitReasoning } from "../../src/domain/reasoning.ts";
import { parseReplies, type RecordedReplies } from "../../src/simulator/replies.ts";

describe("the sample's recorded answers", () => {
  let directory: string;
  let replies: RecordedReplies;
  const sources = new Map<string, string>();
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-replies-"));
    replies = parseReplies(await readFile(sampleReplies, "utf8"), "replies.json");
    const sample = await createSampleRepository(directory);
    const git = openGit(sample.gitDirectory);
    const paths = (await git.line(["ls-tree", "-r", "--name-only", sample.headSha])).split("\n");
    for (const path of paths) {
      sources.set(path, (await git.bytes(["cat-file", "blob", `${sample.headSha}:${path}`])).toString());
    }
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  function lookup(path: string): FileLookup {
    const text = sources.get(path);
    if (text === undefined) return null;
    return path === "pyproject.toml" ? "protected" : { text };
  }

  function fateOf(index: number): string {
    const reply = replies.replies.generate?.[index]?.[0];
    if (reply === undefined) return "not recorded";
    if (reply.finish === "length") return "truncated";
    const parsed = parseEdits(splitReasoning(reply.text).text);
    if (!parsed.ok) return parsed.rejection.reason;
    const applied = applyEdits(parsed.edits, lookup);
    return applied.ok ? applied.changes.map((change) => change.path).join(" ") : applied.rejection.reason;
  }

  test("say that they are not samples of the models", () => {
    expect(replies.origin).toContain("not samples of the Co-PatcheR models");
  });

  test.each([
    [3, "truncated"],
    [7, "search-not-found"],
    [8, "unsafe-path"],
    [10, "search-ambiguous"],
    [13, "malformed-edit"],
    [16, "protected-path"],
  ])("hold sample %i that ends as %s", (index, fate) => {
    expect(fateOf(index)).toBe(fate);
  });

  test("hold ten right samples in two shapes", () => {
    const majority = [0, 2, 6, 9, 12, 15, 19].map((index) => fateOf(index).split(" ").sort().join(" "));
    const anchored = [4, 11, 17].map((index) => fateOf(index).split(" ").length);

    expect(new Set(majority)).toEqual(new Set(["cadence/billing.py cadence/rules.py"]));
    expect(anchored).toEqual([3, 3, 3]);
  });

  test("hold samples that repair only what was reported", () => {
    expect([1, 18].map(fateOf)).toEqual(["cadence/rules.py", "cadence/rules.py"]);
  });

  test("number twenty candidates", () => {
    expect(replies.replies.generate).toHaveLength(20);
  });
});
