import { redact } from "../domain/secrets.ts";
import type { Forge, Forges } from "../ports/forge.ts";

/**
 * Forges that show no credential: what scripts print and models write ends up in comments and pull requests, and a
 * script may have found a token where nobody expected one. The patch itself is not changed.
 */
export const redactingForges = (forges: Forges, secrets: readonly string[]): Forges => ({
  forInstallation: (installation, use) => redacting(forges.forInstallation(installation, use), secrets),
});

function redacting(forge: Forge, secrets: readonly string[]): Forge {
  const clean = (text: string): string => redact(text, secrets);
  return {
    ...forge,
    upsertComment: (ref, marker, body, edition) => forge.upsertComment(ref, marker, clean(body), edition),
    upsertCheckRun: (repo, check) =>
      forge.upsertCheckRun(repo, {
        ...check,
        title: clean(check.title),
        summary: clean(check.summary),
        annotations: check.annotations.map((one) => ({ ...one, message: clean(one.message) })),
      }),
    upsertIssue: (repo, issue) =>
      forge.upsertIssue(repo, { ...issue, title: clean(issue.title), body: clean(issue.body) }),
    propose: (proposal) =>
      forge.propose({
        ...proposal,
        title: clean(proposal.title),
        body: clean(proposal.body),
        commitMessage: clean(proposal.commitMessage),
      }),
    pullRequests: {
      ...forge.pullRequests,
      reply: (pullRequest, comment, marker, body) =>
        forge.pullRequests.reply(pullRequest, comment, marker, clean(body)),
      addCommit: (commit) => forge.pullRequests.addCommit({ ...commit, message: clean(commit.message) }),
      putSection: (pullRequest, marker, text) =>
        forge.pullRequests.putSection(pullRequest, marker, clean(text)),
    },
  };
}
