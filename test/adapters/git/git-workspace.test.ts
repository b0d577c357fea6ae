import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workspaceContract } from "../../contracts/workspace.ts";
import { asEntries, makeRepository } from "../../fixtures/make-repository.ts";
import { makeGitWorkspace } from "./make-git-workspace.ts";

workspaceContract("the git adapter", async ({ maxRepositoryMb }) => {
  const repository = await makeRepository();
  const { workspace } = await makeGitWorkspace({ maxRepositoryMb });
  return {
    workspace,
    source: { kind: "local", directory: repository.directory },
    missing: { kind: "local", directory: await mkdtemp(join(tmpdir(), "copatcher-no-repository-")) },
    commit: (files) => repository.commit(asEntries(files)),
  };
});
