import { z } from "zod";
import type { LabelledPool } from "../metrics/selection.ts";
import { PooledPatch } from "./pooled-patch.ts";
import { readJson } from "./read-json.ts";

const tests = z.array(z.string().min(1));

/** A case file as it is stored; what it holds beyond this is left out. */
const CaseFile = z.object({
  instance_id: z.string().min(1),
  kind: z.string().min(1),
  language: z.string().min(1),
  repo: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "is no OWNER/NAME"),
  git_source: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "is no OWNER/NAME"),
  base_commit: z.string().regex(/^[0-9a-f]{40}$/, "is no commit hash"),
  problem_statement: z.string().min(1),
  patch: z.string().min(1),
  test_patch: z.string(),
  FAIL_TO_PASS: tests.min(1, "is empty: every patch would count as resolved"),
  PASS_TO_PASS: tests,
  run: z.object({
    image: z.string().min(1),
    test_command: z.string().min(1),
    parser: z.string().min(1),
    timeout_s: z.number().positive(),
    env: z.record(z.string(), z.string()),
    node_packages: z.array(z.string()).default([]),
  }),
  pool: z.array(PooledPatch).superRefine((pool, context) => {
    const ids = pool.map(({ id }) => id);
    const twice = ids.find((id, place) => ids.indexOf(id) !== place);
    if (twice !== undefined) context.addIssue({ code: "custom", message: `patch ${twice} is there twice` });
  }),
});

/** All that a bot may see of a case. */
export type Question = {
  readonly repository: string;
  /** Repository whose clone holds the commit; may differ from `repository`. */
  readonly gitSource: string;
  readonly baseCommit: string;
  readonly issueText: string;
};

/** What decides, never shown to the method that is measured. */
export type Truth = {
  readonly fix: string;
  readonly testPatch: string;
  readonly failToPass: readonly string[];
  readonly passToPass: readonly string[];
  readonly run: z.infer<typeof CaseFile>["run"];
};

export type Case = {
  readonly instance: string;
  readonly kind: string;
  readonly language: string;
  readonly question: Question;
  readonly truth: Truth;
  readonly pool: readonly PooledPatch[];
};

/** Reads one case; throws `evaluation-invalid` with every problem of the file. */
export function readCase(text: string, source: string): Case {
  const file = readJson(CaseFile, text, source);
  return {
    instance: file.instance_id,
    kind: file.kind,
    language: file.language,
    question: {
      repository: file.repo,
      gitSource: file.git_source,
      baseCommit: file.base_commit,
      issueText: file.problem_statement,
    },
    truth: {
      fix: file.patch,
      testPatch: file.test_patch,
      failToPass: file.FAIL_TO_PASS,
      passToPass: file.PASS_TO_PASS,
      run: file.run,
    },
    pool: file.pool,
  };
}

/** The case's labelled patches by id, in their order, with the ids of those that nobody ran. */
export function labelledPool(one: Case): LabelledPool<string> & { readonly unlabelled: readonly string[] } {
  return {
    instance: one.instance,
    candidates: one.pool.flatMap(({ id, resolved }) =>
      resolved === null ? [] : [{ candidate: id, resolved }],
    ),
    unlabelled: one.pool.flatMap(({ id, resolved }) => (resolved === null ? [id] : [])),
  };
}
