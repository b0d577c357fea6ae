import { z } from "zod";
import type { Case } from "./case.ts";
import { readJson, refusal } from "./read-json.ts";
import { suiteHash, type ResultSet } from "./result-set.ts";

const ids = z.array(z.string().min(1));

/** The SWE-bench harness's run report (its reporting.py, schema version 2), as far as it says what was resolved. */
const HarnessReport = z
  .object({
    schema_version: z.literal(2),
    submitted_ids: ids,
    resolved_ids: ids,
    unresolved_ids: ids,
    empty_patch_ids: ids,
    error_ids: ids,
  })
  .superRefine((report, context) => {
    const ends = [
      report.resolved_ids,
      report.unresolved_ids,
      report.empty_patch_ids,
      report.error_ids,
    ].flat();
    const twice = ends.find((id, place) => ends.indexOf(id) !== place);
    if (twice !== undefined) context.addIssue({ code: "custom", message: `${twice} ended in two ways` });
    const open = report.submitted_ids.find((id) => !ends.includes(id));
    if (open !== undefined)
      context.addIssue({ code: "custom", message: `${open} was submitted and has no end` });
  });

export type HarnessResults = {
  readonly results: ResultSet;
  /** Instances whose run broke: counted as unresolved, and named, since the patch may not be at fault. */
  readonly errors: readonly string[];
};

/**
 * The harness's report as a system's results on the cases. Throws `evaluation-invalid` when it is none, or when what was
 * submitted are not exactly these cases.
 */
export function readHarnessReport(
  text: string,
  source: string,
  system: string,
  cases: readonly Case[],
): HarnessResults {
  const report = readJson(HarnessReport, text, source);
  const asked = new Set(cases.map(({ instance }) => instance));
  const submitted = new Set(report.submitted_ids);
  const problems = [
    ...[...asked].filter((id) => !submitted.has(id)).map((id) => `${id} was not submitted`),
    ...[...submitted].filter((id) => !asked.has(id)).map((id) => `${id} is none of the cases`),
  ];
  if (problems.length > 0) throw refusal(source, problems);
  const resolved = new Set(report.resolved_ids);
  const rows = cases.map(({ instance, question }) => ({
    instance,
    repository: question.repository,
    resolved: resolved.has(instance),
  }));
  const errors = report.error_ids.filter((id) => asked.has(id));
  return { results: { schema: 1, system, suite: suiteHash(cases), rows }, errors };
}
