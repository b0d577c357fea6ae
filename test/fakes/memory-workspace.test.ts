import { workspaceContract } from "../contracts/workspace.ts";
import { createMemoryWorkspace } from "./memory-workspace.ts";

workspaceContract("the memory fake", async ({ maxRepositoryMb }) => {
  const workspace = createMemoryWorkspace(maxRepositoryMb);
  workspace.create("/repository");
  return {
    workspace,
    source: { kind: "local", directory: "/repository" },
    missing: { kind: "local", directory: "/nowhere" },
    commit: (files) => Promise.resolve(workspace.commit("/repository", files)),
  };
});
