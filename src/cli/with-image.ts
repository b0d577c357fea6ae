import { RepairError } from "../domain/errors.ts";
import { refuseImageName } from "../domain/image-name.ts";
import type { RepoSettings } from "../domain/settings.ts";

/**
 * The settings with the image of `--image`, which has everything: nothing else is set up. Throws `usage` for what is no
 * image's name.
 */
export function withImage(settings: RepoSettings, image: string | null): RepoSettings {
  if (image === null) return settings;
  const refusal = refuseImageName(image);
  if (refusal !== null) throw new RepairError("usage", `--image: ${refusal}`);
  return {
    ...settings,
    environment: { ...settings.environment, image, dockerfile: null, devcontainer: false, setup: null },
  };
}
