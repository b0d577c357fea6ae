import type { RepoSettings } from "../domain/settings.ts";

/** The settings with the image of `--image`, which has everything: nothing else is set up. */
export const withImage = (settings: RepoSettings, image: string | null): RepoSettings =>
  image === null
    ? settings
    : {
        ...settings,
        environment: { ...settings.environment, image, dockerfile: null, devcontainer: false, setup: null },
      };
