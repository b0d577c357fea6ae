import { failedMark } from "../../domain/poc.ts";
import type { SandboxFile } from "../../ports/sandbox.ts";
import type { PocRun, PocScript } from "../language.ts";
import type { PocModule } from "./poc-module.ts";

/**
 * The script is copied into the tree when it starts, so that its relative imports and the package's own name work, and
 * removed when it ends. TypeScript runs by tsx where the project has it, else by the project's own compiler, else by Node.
 */
export function pocRun(
  { name, nonce }: PocScript,
  module: PocModule,
  helpers: readonly SandboxFile[],
): PocRun {
  const plain = `copatcher-poc-${name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}`;
  const folder = Array.from({ length: module.depth }, (_, level) => (level === 0 ? plain : "x")).join("/");
  const place = folder === "" ? plain : `${folder}/${plain}`;
  const [script, typed] = module.kind === "module" ? ["mjs", "mts"] : ["cjs", "cts"];
  const report = "poc-end";
  return {
    report,
    input: nonce,
    files: [{ place: "aside", path: `${plain}.source`, content: module.source }, ...helpers],
    script: `COPATCHER_POC_END="$COPATCHER_OUT/${report}"
PATH="$(pwd)/node_modules/.bin:$PATH"
NO_COLOR=1
export COPATCHER_POC COPATCHER_POC_END NO_COLOR PATH
typed=${module.typescript ? "yes" : "no"}
end=${script}
for file in tsconfig*.json; do if [ -f "$file" ]; then typed=\${typed%no}; fi; done
set --
if [ "$typed" != no ]; then
  if [ -d node_modules/tsx ]; then
    set -- --import tsx
    if [ "$typed" = yes ]; then end=${typed}; fi
  elif [ -f node_modules/typescript/lib/typescript.js ]; then
    set -- --require "$COPATCHER_ASIDE/typescript_require.cjs"
    end=cjs
  elif node --experimental-transform-types -e 0 2>/dev/null; then
    set -- --no-warnings --experimental-transform-types
    if [ "$typed" = yes ]; then end=${typed}; fi
  fi
fi
COPATCHER_POC="$(pwd -P)/${place}.$end"
${folder === "" ? "" : `mkdir -p ${folder}\n`}cat "$COPATCHER_ASIDE/${plain}.source" >"$COPATCHER_POC" || exit
node --require "$COPATCHER_ASIDE/poc_guard.cjs" "$@" "$COPATCHER_POC"
code=$?
# What the script does when the process ends comes after the guard, and so does a promise awaited in vain.
if [ "$code" -ne 0 ] && [ -s "$COPATCHER_POC_END" ]; then
  word=$(cat "$COPATCHER_POC_END")
  printf '%s' "\${word%${failedMark}}${failedMark}" >"$COPATCHER_POC_END"
fi
rm -rf "$COPATCHER_POC"${folder === "" ? "" : ` ${plain}`}
exit "$code"
`,
  };
}
