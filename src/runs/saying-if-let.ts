import { issueKey } from "../domain/issue.ts";
import type { Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { unlessRejected } from "./unless-rejected.ts";

/**
 * Forges whose comments and reactions may be refused, which is only logged: on a locked issue the bot may say nothing,
 * and yet `cancel` has to cancel. A forge that is away still throws.
 */
export const forgesSayingIfLet = (forges: Forges, logger: Logger): Forges => ({
  forInstallation(installation, use) {
    const forge = forges.forInstallation(installation, use);
    return {
      ...forge,
      async upsertComment(ref, ...text) {
        let id: number | null = null;
        await unlessRejected(logger, `a comment on ${issueKey(ref)}`, async () => {
          id = await forge.upsertComment(ref, ...text);
        });
        return id;
      },
      react: (target, reaction) =>
        unlessRejected(logger, `the reaction ${reaction}`, () => forge.react(target, reaction)),
    };
  },
});
