import type { Forge, Forges } from "../ports/forge.ts";
import { maxBody } from "../report/markdown.ts";

/** Forges whose comments and pull requests of a run lead to its page; `pageOf` gives its address. */
export const linkingForges = (forges: Forges, pageOf: (runId: string) => string): Forges => ({
  forInstallation: (installation, use) => linking(forges.forInstallation(installation, use), pageOf),
});

function linking(forge: Forge, pageOf: (runId: string) => string): Forge {
  /** A body that is full has no room for it. */
  const linked = (body: string, runId: string | undefined): string => {
    if (runId === undefined) return body;
    const text = `${body}\n\n<sub>[The page of this run](${pageOf(runId)})</sub>`;
    return text.length > maxBody ? body : text;
  };
  return {
    ...forge,
    upsertComment: (ref, marker, body, edition) =>
      forge.upsertComment(ref, marker, linked(body, edition?.run), edition),
    propose: (proposal) => forge.propose({ ...proposal, body: linked(proposal.body, proposal.edition?.run) }),
  };
}
