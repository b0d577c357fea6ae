import { transcriptOf, type ExecutionOutcome } from "../../domain/execution.ts";
import { killedBySignal } from "../killed.ts";
import type { PocRun, PocScript } from "../language.ts";
import { quote } from "../shell.ts";
import type { ParseText } from "../syntax-tree.ts";
import { intoModule } from "./poc-module.ts";
import { pocFolder, pocProgram, wordPlace } from "./poc-program.ts";
import { goSettings } from "./shell.ts";

const notBuilt = "the PoC was not built";
/** A first build of a large module may compile all that it depends on, with two compilers. */
const buildTimeoutMs = 240_000;

/**
 * Builds the PoC inside the module, since only code of the module may import its internal packages, in a new folder that
 * is gone when it runs. The nonce is built in: packages of the repository are initialised before the PoC's own, so on
 * standard input they could read it first. The report of a PoC that does not build says so.
 */
export function goPocRun(parse: ParseText, { name, source, nonce }: PocScript): PocRun {
  const program = pocProgram(parse(source), source);
  const folder = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  const internal = program.imports.find((path) => /(^|\/)internal(\/|$)/.test(path));
  const enter = intoModule(program.imports);
  const build =
    program.kind === "tests"
      ? { command: "go test -c -vet=off", suffix: "_test.go", options: " -test.v" }
      : { command: "go build", suffix: ".go", options: "" };
  const built = `"$HOME"/copatcher-built-${folder}`;
  const buildScript = `${enter}
${goSettings}
word=$(cat)
within=.
${internal === undefined ? "" : inside(internal)}rm -rf ${built}
poc=$(mktemp -d "$within/copatcher-poc-XXXXXX") && mkdir ${built} || exit 125
cat "$COPATCHER_ASIDE/${folder}/poc.go" >"$poc/poc${build.suffix}"
sed "s/${wordPlace}/$word/" "$COPATCHER_ASIDE/${folder}/main.go" >"$poc/main${build.suffix}"
${build.command} -o ${built}/poc "$poc/poc${build.suffix}" "$poc/main${build.suffix}"
code=$?
rm -rf "$poc"
if [ "$code" -ne 0 ]; then printf '${notBuilt}' >"$COPATCHER_OUT/poc-end"; fi
exit "$code"
`;
  const script = `${enter}
${built}/poc${build.options}
code=$?
rm -rf ${built}
exit "$code"
`;
  const file = (path: string, content: string) =>
    ({ place: "aside", path: `${folder}/${path}`, content }) as const;
  return {
    files: [file("poc.go", program.poc), file("main.go", program.main)],
    build: { script: buildScript, input: nonce, timeoutMs: buildTimeoutMs },
    script,
    report: "poc-end",
    input: "",
  };
}

/** The folder above `internal`, where it belongs to the tree. */
const inside = (path: string): string => `inner=$(go list -find -f '{{.Dir}}' -- ${quote(path)} 2>/dev/null)
case "$inner" in "$(pwd -P)"/*) within="\${inner%/internal*}" ;; esac
`;

/** Why a failing run shows nothing about the issue: the program itself is at fault. Null when it may show something. */
export function goPocFault(outcome: ExecutionOutcome): string | null {
  if (outcome.kind === "not-started") return `the program did not start: ${outcome.reason}`;
  if (outcome.kind !== "exited" || outcome.exitCode === 0) return null;
  if (outcome.exitCode >= 125 && outcome.exitCode <= 127) return "go could not be run";
  if (outcome.report !== notBuilt) return null;
  const lines = outcome.stderr.split("\n");
  const own = lines.filter((line) => line.startsWith(`${pocFolder}/`));
  const [first] = own;
  if (first !== undefined) return `the program does not build (${own.slice(0, 5).join("; ")})`;
  const wanting = lines.find((line) => missing.test(line));
  return wanting === undefined ? null : `the program cannot be built here (${wanting.trim()})`;
}

/** A signal, or what the Go runtime says when it gives up: of a panic in a goroutine or a test, main never hears. */
export const goPocCrashed = (outcome: ExecutionOutcome): boolean =>
  killedBySignal(outcome) ||
  (outcome.kind === "exited" &&
    outcome.exitCode === 2 &&
    /^(panic|fatal error): /m.test(transcriptOf(outcome)) &&
    /^goroutine \d+ \[/m.test(transcriptOf(outcome)));

/** What the go command says when packages are not there, or not to be had from here. */
const missing =
  /^go: |no required module provides|cannot find (module|package)|module lookup disabled|missing go\.sum entry|use of internal package|is not in (GOROOT|std)|inconsistent vendoring/;
