import type { SetupPlan } from "../domain/environment.ts";
import type { Language } from "../languages/language.ts";
import { quote } from "../languages/shell.ts";
import type { Checkout } from "../ports/workspace.ts";

/**
 * What the manifests ask for: those at the root, or those of a project's own folder where what the root asks for rests on
 * no file in it (a workspace of packages, or modules of one build, belong to the root). Null when there are none.
 */
export async function manifestSetup(
  checkout: Checkout,
  language: Language,
  folder: string | null,
): Promise<SetupPlan | null> {
  const atRoot = await language.planSetup(checkout);
  if (folder === null || atRoot?.inputs.some((path) => path.startsWith(`${folder}/`)) === true) return atRoot;
  const own = await language.planSetup(belowFolder(checkout, folder));
  return own === null ? atRoot : inFolder(own, folder);
}

/** What lies in a folder, as if it were the whole tree; its archive stays the commit's own. */
function belowFolder(checkout: Checkout, folder: string): Checkout {
  const start = `${folder}/`;
  const inside = (path: string): readonly string[] =>
    path.startsWith(start) ? [path.slice(start.length)] : [];
  return {
    ...checkout,
    entries: async () =>
      (await checkout.entries()).flatMap((entry) => inside(entry.path).map((path) => ({ ...entry, path }))),
    read: (path) => checkout.read(start + path),
    search: async (texts) => (await checkout.search(texts)).flatMap(inside),
  };
}

/** A plan for the folder, as one for the root. */
function inFolder({ source, inputs, steps, activate }: SetupPlan, folder: string): SetupPlan {
  const enter = `cd ./${quote(folder)}`;
  return {
    source: `${source} in ${folder}`,
    inputs: inputs.map((path) => `${folder}/${path}`),
    steps: steps.map(({ name, script }) => ({
      name: `${name} (in ${folder})`,
      script: `${enter} || exit\n${script}`,
    })),
    activate:
      activate === "" ? "" : `copatcher_root=$(pwd)\n${enter}\n${activate.trimEnd()}\ncd "$copatcher_root"\n`,
  };
}
