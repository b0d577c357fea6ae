import { canonicalJson, sha256 } from "./canonical-json.ts";
import type { EnvironmentPlan } from "./environment.ts";

/** Raised when the same plan would be built in another way. */
const recipe = 1;

/**
 * Hash of all that an environment depends on, and of whose it is, `scope`: steps run in the whole tree, of which the inputs
 * are a part only, so that a fork with the same manifests could leave anything. `base` identifies what it starts from (an
 * image's id), `treePath` is where the steps find the tree, which editable installs remember.
 */
export function environmentKey(plan: EnvironmentPlan, scope: string, base: string, treePath: string): string {
  const { steps, activate, blobs, hosts } = plan;
  const inputs = Object.fromEntries(blobs.map(({ path, blob }) => [path, blob]));
  const reach = hosts === undefined ? {} : { hosts: hosts.toSorted() };
  return sha256(canonicalJson({ recipe, scope, base, steps, activate, inputs, treePath, ...reach }));
}
