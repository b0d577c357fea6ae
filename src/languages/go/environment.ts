import type { SetupPlan, SetupStep } from "../../domain/environment.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { quote } from "../shell.ts";
import { goModules } from "./modules.ts";
import { goFlags } from "./shell.ts";

const manifest = /(^|\/)(go\.(mod|sum|work|work\.sum)|vendor\/modules\.txt)$/;

const caches = 'export GOMODCACHE="$COPATCHER_ENV/mod" GOCACHE="$COPATCHER_ENV/cache" GOTOOLCHAIN=local';

/**
 * Downloads what the modules of the tree require and compiles everything once, tests included. Null for a tree without
 * go.mod: where its packages belong in a GOPATH is nowhere written down.
 */
export async function planGoSetup(checkout: Checkout): Promise<SetupPlan | null> {
  const modules = await goModules(checkout);
  if (modules.length === 0) return null;
  const paths = (await checkout.entries()).map(({ path }) => path);
  // Before Go 1.22 a workspace ignores what is vendored.
  const workspace = paths.includes("go.work");
  const steps = modules.flatMap(({ folder }): SetupStep[] => {
    const prefix = folder === "." ? "" : `${folder}/`;
    const enter = folder === "." ? caches : `${caches}\ncd ./${quote(folder)} || exit`;
    const where = folder === "." ? "" : ` in ${folder}`;
    // A package that does not compile (status 1 or 2) is the tests' business: it shows there.
    const compile = {
      name: `compile everything${where}`,
      script: `${enter}\n${flags}\ngo list -e -export -test -deps ./... >/dev/null || [ $? -le 2 ]\n`,
    };
    if (!workspace && paths.includes(`${prefix}vendor/modules.txt`)) return [compile];
    return [{ name: `go mod download${where}`, script: `${enter}\n${flags}\ngo mod download\n` }, compile];
  });
  return {
    source: modules.map(({ folder }) => (folder === "." ? "go.mod" : `${folder}/go.mod`)).join(", "),
    inputs: paths.filter((path) => manifest.test(path)),
    steps,
    activate,
  };
}

// Without -modcacherw the files are read-only even for whoever removes the environment.
const flags = goFlags("-modcacherw");

/**
 * Go writes into its build cache, so commands get one of links into that of the environment (ten thousand take a tenth
 * of a second). The date keeps Go from throwing out what was compiled more than five days ago.
 */
const activate = `case ":$PATH:" in *:/usr/local/go/bin:*) ;; *) PATH="$PATH:/usr/local/go/bin"; export PATH ;; esac
export GOMODCACHE="$COPATCHER_ENV/mod" GOCACHE="$HOME/.copatcher-go-cache"
if [ ! -d "$GOCACHE" ] && [ -d "$COPATCHER_ENV/cache" ]; then
  mkdir "$GOCACHE" && cp -rs "$COPATCHER_ENV/cache/." "$GOCACHE/" && chmod u+w "$GOCACHE" "$GOCACHE"/??
  rm -f "$GOCACHE/trim.txt" && date +%s >"$GOCACHE/trim.txt"
fi`;
