import { unifiedDiff } from "../../src/domain/patch.ts";
import { baseFiles, forgeContract } from "../contracts/forge.ts";
import { createRecordingForge } from "./recording-forge.ts";

forgeContract("the recording forge", async () => {
  const repo = { owner: "acme", name: "rates" };
  const issue = { ref: { repo, number: 1 }, title: "Bug", body: "It\r\nbreaks", author: "rita" };
  const base = { name: "trunk", sha: "a".repeat(40) };
  const forge = createRecordingForge({
    issues: [issue],
    branch: base,
    source: { kind: "local", directory: "/nowhere" },
    permissions: { wanda: "write" },
    files: Object.fromEntries(
      Object.entries(baseFiles).flatMap(([path, text]) => [
        [`acme/rates:${path}`, text],
        [`acme/rates@${base.sha}:${path}`, text],
      ]),
    ),
  });
  const proposals = () => forge.proposals;
  return {
    forge,
    issue,
    base,
    maintainer: "wanda",
    comments: async () => forge.comments.map(({ body }) => body),
    proposals: async () =>
      proposals().map(({ proposal, pullRequest }) => ({
        number: pullRequest.number,
        title: proposal.title,
        body: proposal.body,
        draft: proposal.draft,
        head: proposal.branch,
      })),
    patch: async (branch) =>
      unifiedDiff(proposals().find(({ proposal }) => proposal.branch === branch)?.proposal.changes ?? []),
    addLabel: async () => undefined,
    labels: async () => [],
    close: async () => undefined,
  };
});
