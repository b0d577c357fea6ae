import { pathArgument } from "../shell.ts";
import { pytestPins, type PytestRoot } from "./pytest-root.ts";
import { importableTree } from "./shell.ts";

export const reporterFile = "unittest_report.py";

/** One of the runners that we start ourselves, on chosen files of the tree. */
export type Runner = "django" | "pytest" | "unittest";

export type RunnerCommand = { readonly command: string; readonly script: string };

/** Null for a command of the settings. */
export function runnerOf(command: string): Runner | null {
  if (command.startsWith(djangoCommand)) return "django";
  if (command.startsWith(pytestCommand)) return "pytest";
  return command.startsWith(unittestCommand) ? "unittest" : null;
}

const djangoCommand = "python3 tests/runtests.py ";
const pytestCommand = "python3 -m pytest ";
const unittestCommand = "python3 -m unittest ";

/**
 * A line of each failure is enough for the results. Whole traces show every function on the way, take longer than the tests,
 * and a few hundred of them make a report larger than any that is read.
 */
export const shortTraces = "--tb=line";

/** Said first on standard error when the tests of a pytest project are run without it. */
export const withoutPytest = "pytest is not installed: running only what unittest finds";

type Run = {
  /** Test files of the tree. */
  readonly files: readonly string[];
  /** Name under which the results are left. */
  readonly report: string;
  readonly root: PytestRoot;
};

/** How `runner` is started. */
export function runnerCommand(runner: Runner, { files, report, root }: Run): RunnerCommand {
  const prologue = `${importableTree}\nreport="$COPATCHER_OUT/${report}"\n`;
  const paths = files.map(pathArgument).join(" ");
  const reporter = `python3 "$COPATCHER_ASIDE/${reporterFile}" "$report"`;
  if (runner === "unittest") {
    return {
      command: unittestCommand + paths,
      script: `${prologue}exec ${reporter} unittest ${paths}\n`,
    };
  }
  if (runner === "django") {
    const labels = files.map((path) => path.slice("tests/".length, -".py".length).replaceAll("/", "."));
    const start = `tests/runtests.py --settings=test_sqlite --parallel 1 ${labels.join(" ")}`;
    return { command: `python3 ${start}`, script: `${prologue}exec ${reporter} script ${start}\n` };
  }
  const pins = pytestPins(root);
  return {
    command: pytestCommand + paths,
    script: `${prologue}if ! python3 -c 'import pytest' 2>/dev/null; then
  echo '${withoutPytest}' >&2
  exec ${reporter} unittest ${paths}
fi
run() { python3 -m pytest -q -p no:cacheprovider ${shortTraces} ${pins} --continue-on-collection-errors --junitxml="$report" "$@" ${paths}; }
run
code=$?
# A usage error: the project's own options want plugins that are not installed here.
if [ "$code" -eq 4 ]; then run -o addopts=; code=$?; fi
exit "$code"
`,
  };
}
