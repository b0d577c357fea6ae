import { RepairError } from "../domain/errors.ts";
import { variables } from "./variables.ts";

/** What is wrong with one variable, never with its value: a secret may stand in the wrong place. */
export type Problem = { readonly variable: string; readonly problem: string };

/** All problems in one `config-invalid`, one line each: variable, what is wrong, an example. */
export function configInvalid(problems: readonly Problem[]): RepairError {
  const shown = problems.map((problem) => ({ ...problem, example: exampleOf(problem.variable) }));
  const lines = shown.map(
    ({ variable, problem, example }) =>
      `  ${variable} ${problem}${example === null ? "" : ` (example: ${variable}=${example})`}`,
  );
  const count =
    problems.length === 1 ? "One environment variable" : `${problems.length} environment variables`;
  return new RepairError("config-invalid", [`${count} must be corrected:`, ...lines].join("\n"), {
    data: { problems: shown },
  });
}

const exampleOf = (variable: string): string | null =>
  variables.find(({ name }) => name === variable)?.example ?? null;
