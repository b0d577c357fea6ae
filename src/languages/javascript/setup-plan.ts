import type { SetupPlan, SetupStep } from "../../domain/environment.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { quote } from "../shell.ts";
import { chooseInstaller } from "./package-installer.ts";
import { readManifest, type Manifest } from "./package-manifest.ts";

/** What installers read besides package.json, wherever it lies. */
const settings =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|pnpm-workspace\.yaml|\.?pnpmfile\.c?js|\.npmrc|\.yarnrc(\.yml)?|lerna\.json|(\.yarn\/(releases|plugins|patches)|patches)\/.+)$/;
const maxManifests = 500;

/**
 * Installs into `$COPATCHER_ENV`, from copies of the manifests: the tree of every later command is a fresh copy, which gets
 * links to what was installed. Null when there is no package.json at the root.
 */
export async function planJavaScriptSetup(checkout: Checkout): Promise<SetupPlan | null> {
  const manifest = await readManifest(checkout, "");
  if (manifest === null) return null;
  const paths = (await checkout.entries())
    .filter(({ kind }) => kind === "file" || kind === "executable")
    .map(({ path }) => path)
    .filter((path) => !path.includes("\n"));
  const manifests = hasParts(manifest, paths) ? paths.filter(isPartManifest).slice(0, maxManifests) : [];
  const inputs = [...new Set(["package.json", ...paths.filter((path) => settings.test(path)), ...manifests])];
  const installer = await chooseInstaller(checkout, manifest, paths);
  return {
    source: installer.source,
    inputs,
    steps: [copyStep(inputs), ...installer.steps, linkStep],
    activate,
  };
}

const hasParts = (manifest: Manifest, paths: readonly string[]): boolean =>
  manifest.workspaces !== undefined ||
  paths.includes("pnpm-workspace.yaml") ||
  paths.includes("lerna.json") ||
  [manifest.dependencies, manifest.devDependencies].some((group) =>
    Object.values(group).some((version) => /^(file|link|portal|workspace):/.test(version)),
  );

const isPartManifest = (path: string): boolean =>
  path.endsWith("/package.json") && !/(^|\/)(node_modules|__fixtures__|fixtures|\.yarn)\//.test(path);

const copyStep = (inputs: readonly string[]): SetupStep => ({
  name: "copy the manifests",
  script: `for file in ${inputs.map((path) => quote(`./${path}`)).join(" ")}; do
  mkdir -p "$COPATCHER_ENV/$(dirname "$file")" && cp "$file" "$COPATCHER_ENV/$file" || exit
done
`,
});

/**
 * Packages of the repository itself must come from the tree of each command, not from the copies here. The list of folders
 * with a `node_modules` is for `activate`.
 */
const linkStep: SetupStep = {
  name: "link the repository's own packages",
  script: `tree=$(pwd)
cd "$COPATCHER_ENV" || exit
environment=$(pwd -P)
rm -rf .cache
find . -type d -name node_modules -prune | sed 's|/node_modules$||' >modules
while IFS= read -r folder; do
  for link in "$folder/node_modules"/* "$folder/node_modules"/@*/*; do
    [ -L "$link" ] || continue
    target=$(readlink -f "$link") || continue
    case $target in
      */node_modules/*) ;;
      "$environment"/*) ln -sfn "$tree/\${target#"$environment"/}" "$link" ;;
    esac
  done
done <modules
`,
};

/**
 * `node_modules` is a folder of links, new for each command, and not one link: runners keep caches in it, and what an
 * earlier command left there must not steer a later one.
 */
const activate = `while IFS= read -r folder; do
  [ -d "$folder" ] || continue
  rm -rf "$folder/node_modules"
  mkdir "$folder/node_modules" || continue
  for entry in "$COPATCHER_ENV/$folder/node_modules"/* "$COPATCHER_ENV/$folder/node_modules/.bin" "$COPATCHER_ENV/$folder/node_modules/.pnpm"; do
    [ -e "$entry" ] && set -- "$@" "$entry"
  done
  [ $# -eq 0 ] || ln -s "$@" "$folder/node_modules/"
  set --
done <"$COPATCHER_ENV/modules"
PATH="$(pwd)/node_modules/.bin:$PATH"
export PATH
`;
