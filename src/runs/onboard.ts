import { repoSlug, type RepoRef } from "../domain/issue.ts";
import { settingsPath } from "../domain/settings.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { onboardingSettings, onboardingText, onboardingTitle } from "../report/onboarding.ts";
import { findFiles } from "./settings-remarks.ts";
import { unlessRejected } from "./unless-rejected.ts";

/** How the operator welcomes repositories. */
export type Onboarding = {
  /** Where people's editors reach the bot, without a trailing slash; null when they cannot. */
  readonly publicUrl: string | null;
};

/** Where an owner's settings for all repositories are. */
const ownersRepository = ".github";
/** Of one installation; whoever has more of them adds the file by hand. */
const mostRepositories = 20;

/**
 * Offers each repository without settings, its own or its owner's, a file of them: in one pull request, which is never
 * opened a second time. One after the other; a refusal is only logged. Throws when GitHub is away, to be done again.
 */
export async function onboard(
  deps: { readonly logger: Logger; readonly onboarding: Onboarding },
  forge: Forge,
  repos: readonly RepoRef[],
): Promise<void> {
  const { logger, onboarding } = deps;
  const welcome = repos.slice(0, mostRepositories);
  if (welcome.length < repos.length)
    logger.warn(
      { repositories: repos.length, welcome: welcome.length },
      "only the first repositories are onboarded",
    );
  for (const repo of welcome)
    await unlessRejected(logger, `the onboarding pull request of ${repoSlug(repo)}`, async () => {
      if (await isSetUp(forge, repo)) return;
      const number = await forge.proposeOnce(repo, {
        marker: "<!-- copatcher:onboarding -->",
        branch: "copatcher/configure",
        commitMessage: "chore: add the settings of Copatcher",
        changes: [{ path: settingsPath, before: null, after: onboardingSettings(onboarding.publicUrl) }],
        title: onboardingTitle,
        body: onboardingText(),
      });
      logger.info({ repo, number }, "the repository was onboarded, or passed over");
    });
}

async function isSetUp(forge: Forge, repo: RepoRef): Promise<boolean> {
  const owners: RepoRef = { owner: repo.owner, name: ownersRepository };
  // a file there would be for every repository of the owner
  if (repo.name.toLowerCase() === ownersRepository) return true;
  for (const place of [repo, owners])
    if ((await findFiles((path) => forge.file(place, path))).size > 0) return true;
  return false;
}
