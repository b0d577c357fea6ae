export const pooled = (id: string, resolved: boolean | null) => ({
  id,
  sources: ["someone/predictions@1"],
  equals_gold: false,
  resolved,
  patch: `diff --git a/${id}.py b/${id}.py\n`,
  label: {
    why: resolved === true ? "" : "fail-to-pass tests still fail",
    f2p_passed: Number(resolved === true),
    f2p_total: 1,
    p2p_passed: 2,
    p2p_total: 2,
    seconds: 1.5,
  },
});

/** A case file in the shape of the shared cases. */
export const caseFile = () => ({
  case_id: "django-1",
  instance_id: "django-1",
  kind: "swe-bench-verified",
  language: "python",
  repo: "django/django",
  git_source: "felixxm/django",
  base_commit: "1".repeat(40),
  version: "3.0",
  problem_statement: "It breaks.",
  patch: "diff --git a/a.py b/a.py\n",
  test_patch: "diff --git a/tests/test_a.py b/tests/test_a.py\n",
  FAIL_TO_PASS: ["test_new"],
  PASS_TO_PASS: ["test_old", "test_older"],
  run: {
    image: "eval:py311",
    timeout_s: 900,
    parser: "django",
    test_command: "python3 tests/runtests.py",
    env: {},
  },
  verified: { ok: true },
  pool: [pooled("a", true)],
});
