import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unifiedDiff } from "../../../src/domain/patch.ts";
import { asEntries, makeRepository } from "../../fixtures/make-repository.ts";
import { scriptAnswer } from "../../fixtures/model-answers.ts";
import {
  assertingScript,
  faultyLine,
  faultyPath,
  rightLine,
  smallIssue,
  smallProject,
} from "../../fixtures/small-project.ts";
import { caseFile, pooled } from "../suite/fixtures.ts";

const before = smallProject[faultyPath] ?? "";
const patchWith = (line: string): string =>
  unifiedDiff([{ path: faultyPath, before, after: before.replace(faultyLine, line) }]);

export const rightPatch = patchWith(rightLine);

/** A folder with one case on a clone of the small project, its recorded script, and room for what is written. */
export async function makeCaseFolder() {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-eval-"));
  const repository = await makeRepository();
  const base = await repository.commit(asEntries(smallProject));
  const [cases, repos] = [join(folder, "cases"), join(folder, "repos")];
  await mkdir(join(cases, "replies"), { recursive: true });
  await mkdir(repos);
  await repository.git("clone", "--quiet", "--bare", repository.directory, join(repos, "acme+calc"));
  const one = {
    ...caseFile(),
    instance_id: "calc-1",
    repo: "acme/calc",
    git_source: "acme/calc",
    base_commit: base,
    patch: rightPatch,
    problem_statement: `${smallIssue.title}\n\n${smallIssue.body}`,
    pool: [
      { ...pooled("w1", false), patch: patchWith("    return 2 * a * b") },
      { ...pooled("w2", false), patch: patchWith("    # product\n    return 2 * a * b") },
      { ...pooled("r1", true), patch: rightPatch, equals_gold: true },
      { ...pooled("prose", false), patch: "Use plus instead." },
    ],
  };
  const write = (change: object = {}): Promise<void> =>
    writeFile(join(cases, "calc-1.json"), JSON.stringify({ ...one, ...change }));
  await write();
  const chains = [{ attempts: [scriptAnswer(assertingScript)] }];
  const replies = { origin: "written for a test", "val-assert": chains, "val-no-assert": chains };
  await writeFile(join(cases, "replies", "calc-1.json"), JSON.stringify(replies));
  return { folder, cases, repos, write, pool: one.pool, work: join(folder, "work") };
}
