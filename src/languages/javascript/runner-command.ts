import { quote } from "../shell.ts";
import type { TestProject } from "./test-project.ts";

export const report = "test-report";

/** Colours, watch modes and snapshots that write themselves off; no more workers than a sandbox has room for. */
export const prologue = [
  `report="$COPATCHER_OUT/${report}"`,
  'COPATCHER_ROOT="$(pwd)"',
  'PATH="$COPATCHER_ROOT/node_modules/.bin:$PATH"',
  "CI=true NO_COLOR=1 FORCE_COLOR=0 VITEST_MAX_WORKERS=2 VITEST_MAX_FORKS=2 VITEST_MAX_THREADS=2 VITEST_MIN_FORKS=1 VITEST_MIN_THREADS=1",
  "export PATH COPATCHER_ROOT CI NO_COLOR FORCE_COLOR VITEST_MAX_WORKERS VITEST_MAX_FORKS VITEST_MAX_THREADS VITEST_MIN_FORKS VITEST_MIN_THREADS",
].join("\n");

/** Names the tree's root beside a report whose paths are absolute. */
const wrapJson = `if [ -s "$report.json" ]; then
  { printf '{"root":"%s","report":' "$COPATCHER_ROOT"; cat "$report.json"; printf '}'; } >"$report"
fi
exit "$code"
`;

const useResultLines = 'COPATCHER_RESULTS="$report"; export COPATCHER_RESULTS\n';

type Command = { readonly command: string; readonly script: string };

/** `files` are words of the shell already. */
export function commandOf(project: TestProject, files: readonly string[]): Command {
  const { runner, program } = project;
  const options = project.options.map((word) => ` ${quote(word)}`).join("");
  const paths = files.join(" ");
  switch (runner.name) {
    case "vitest": {
      const call = `vitest run${options} --coverage.enabled=false`;
      return {
        command: `vitest run ${paths}`,
        script: `${call} --reporter=json --outputFile="$report.json" ${paths}\ncode=$?\n${wrapJson}`,
      };
    }
    case "jest": {
      const name = program === "react-scripts" ? "react-scripts test" : "jest";
      const call = `${name}${options} --ci --coverage=false --watchAll=false --maxWorkers=2`;
      return {
        command: `${name} ${paths}`,
        script: `${call} --json --outputFile="$report.json" --runTestsByPath ${paths}\ncode=$?\n${wrapJson}`,
      };
    }
    case "mocha": {
      const reporter = '--reporter "$COPATCHER_ASIDE/mocha_reporter.cjs"';
      const own = `${program}${options} ${reporter} ${paths}`;
      return {
        command: `${program} ${paths}`,
        script: `${useResultLines}if node "$COPATCHER_ASIDE/mocha_options.cjs"${options} >"$COPATCHER_OUT/mocharc.json" 2>/dev/null; then
  exec ${program} --no-package --no-opts --config "$COPATCHER_OUT/mocharc.json" ${reporter} ${paths}
fi
exec ${own}
`,
      };
    }
    case "jasmine": {
      const at = project.options.findIndex((word) => word.startsWith("--config"));
      const word = project.options[at] ?? "";
      const configuration = word.includes("=")
        ? word.slice(word.indexOf("=") + 1)
        : (project.options[at + 1] ?? "");
      return {
        command: `jasmine ${paths}`,
        script: `${useResultLines}exec node "$COPATCHER_ASIDE/jasmine_run.cjs" ${quote(at === -1 ? "" : configuration)} ${paths}\n`,
      };
    }
    case "node": {
      const reporter =
        '--test-reporter="$COPATCHER_ASIDE/node_test_reporter.mjs" --test-reporter-destination=stderr';
      return {
        command: `${program} --test ${paths}`,
        script: `${useResultLines}exec ${program}${options} --test ${reporter} ${paths}\n`,
      };
    }
  }
}
