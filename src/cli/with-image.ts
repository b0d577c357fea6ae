import { RepairError } from "../domain/errors.ts";
import { refuseImageName } from "../domain/image-name.ts";
import type { SettingsValues } from "../domain/settings.ts";

/**
 * What `--image` says of the settings: the image has everything, so nothing else is set up. Throws `usage` for what is no
 * image's name.
 */
export function withImage(image: string | null): SettingsValues {
  if (image === null) return {};
  const refusal = refuseImageName(image);
  if (refusal !== null) throw new RepairError("usage", `--image: ${refusal}`);
  return { environment: { image, dockerfile: null, devcontainer: false, setup: null } };
}
