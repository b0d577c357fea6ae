import { exitStatusId } from "../domain/execution.ts";
import type { TestPlan } from "./language.ts";

/**
 * The command of the settings, whatever runner it ends in: `exports` may make the runner leave its own report in
 * `$report`; of a command that leaves none only the exit status is known.
 */
export function commandPlan(command: string, report: string, exports: string): TestPlan {
  const script = `report="$COPATCHER_OUT/${report}"
${exports}
(
${command}
)
code=$?
if [ ! -s "$report" ]; then
  if [ "$code" -eq 0 ]; then status=passed; else status=failed; fi
  printf '{"id":"${exitStatusId}","status":"%s","seconds":0}\\n{"end":true}\\n' "$status" >"$report"
fi
exit "$code"
`;
  return { command, script, report, files: [], selected: [] };
}
