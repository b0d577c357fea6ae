import { sha256 } from "./canonical-json.ts";
import { transcriptOf, type ExecutionOutcome } from "./execution.ts";
import { normaliseOutput } from "./output-form.ts";

/** Where code stands in stack traces of Python; of JavaScript and Java; above those of Node; of Go. A patch moves lines that it leaves as they are. */
const tracePositions: readonly RegExp[] = [
  /^([ ]{2,8}File "[^"\n]{1,300}", line )\d{1,9}/gm,
  /^([ \t]{1,8}at [^\n]{1,300}?:)\d{1,9}(?::\d{1,9})?(?=\)?$)/gm,
  /^((?:file:\/\/)?\/[^\n:]{1,300}\.[cm]?[jt]s:)\d{1,9}$/gm,
  /^(\t\/[^\n]{1,300}?\.go:)\d{1,9}(?: \+0x[0-9a-f]{1,8})?$/gm,
];

/**
 * Equal for two runs of a script that ended alike and printed the same, but for what changes from run to run and for the
 * lines of code in stack traces.
 */
export function digestOfOutput(outcome: ExecutionOutcome): string {
  const printed = tracePositions.reduce(
    (text, pattern) => text.replace(pattern, "$1LINE"),
    normaliseOutput(transcriptOf(outcome)),
  );
  const status = outcome.kind === "exited" ? outcome.exitCode : "";
  return sha256(`${outcome.kind} ${status}\n${printed}`);
}
