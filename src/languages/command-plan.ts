import { exitStatusId } from "../domain/execution.ts";
import type { TestPlan } from "./language.ts";

/**
 * The command of the settings, whatever runner it ends in: shell in `before` may make the runner leave its own report in
 * `$report`, shell in `after` may make one of what it left; of a command that leaves none only the exit status is known.
 * Of several lines, the first that fails is the last, as in CI: else a green end would hide it.
 */
export function commandPlan(command: string, report: string, before: string, after = ""): TestPlan {
  const script = `report="$COPATCHER_OUT/${report}"
${before}
(
set -e
${command}
)
code=$?
${after}
if [ ! -s "$report" ]; then
  if [ "$code" -eq 0 ]; then status=passed; else status=failed; fi
  printf '{"id":"${exitStatusId}","status":"%s","seconds":0}\\n{"end":true}\\n' "$status" >"$report"
fi
exit "$code"
`;
  return { command, script, report, files: [], selected: [] };
}
