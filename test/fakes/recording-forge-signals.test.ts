import { forgeSignalsContract } from "../contracts/forge-signals.ts";
import { createRecordingForge } from "./recording-forge.ts";

forgeSignalsContract("the recording forge", async () => {
  const issue = { repo: { owner: "acme", name: "rates" }, number: 1 };
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "/nowhere" },
    permissions: {},
  });
  return {
    forge,
    issue,
    headSha: "a".repeat(40),
    addLabel: async (name) => void forge.issueLabels.set("acme/rates#1", [name]),
    reactions: async () => forge.reactions.map((said) => said.split(" ")[0] ?? ""),
    checks: async () =>
      forge.checks.map(({ check: { title, conclusion, annotations } }) => ({
        title,
        conclusion,
        annotations: annotations.length,
      })),
    ownIssues: async () =>
      forge.ownIssues.map(({ title, marker, body, open }) => ({ title, body: `${marker}\n${body}`, open })),
    close: async () => undefined,
  };
});
