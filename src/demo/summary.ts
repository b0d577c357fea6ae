import { z } from "zod";
import type { DemoEnd } from "./stage.ts";

/** The fields of a stored run report that the demo shows. */
const Report = z.object({
  run: z.object({ id: z.string() }),
  verdict: z.string(),
  explanation: z.string().optional(),
  candidates: z.number(),
  applied: z.number(),
  classes: z.array(
    z.object({
      id: z.string(),
      votes: z.number(),
      files: z.array(z.string()),
      lines: z.number(),
      verdict: z.string(),
      why: z.string(),
    }),
  ),
  rejected: z.array(z.object({ sample: z.string(), reason: z.string(), detail: z.string() })),
  pocs: z.object({
    reproduced: z.array(
      z.object({ id: z.string(), attempts: z.number(), failsBefore: z.boolean(), result: z.string() }),
    ),
    failed: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
  regressions: z.array(z.string()),
  decidedBy: z.string().nullable(),
  seconds: z.number(),
});

/** What `npm run demo -- --json` prints on its last line (section 10 of the design) and stores as summary.json. */
export function demoSummary(stored: unknown, end: DemoEnd, directory: string) {
  const report = Report.parse(stored);
  const { reproduced } = report.pocs;
  const [pullRequest] = end.pullRequests;
  return {
    pullRequest: pullRequest ?? null,
    pullRequests: end.pullRequests.length,
    comments: end.comments.length,
    run: {
      id: report.run.id,
      state: end.state,
      verdict: report.verdict,
      ...(report.explanation === undefined ? {} : { explanation: report.explanation }),
      candidates: report.candidates,
      applied: report.applied,
      classes: report.classes.length,
      votes: report.classes[0]?.votes ?? 0,
      decidedBy: report.decidedBy,
      pocs: reproduced.length,
      restarts: end.restarts,
      seconds: report.seconds,
    },
    evidence: {
      pocsFailBefore: reproduced.filter((poc) => poc.failsBefore).length,
      pocsPassAfter: reproduced.filter((poc) => poc.result === "fixed").length,
      newTestFailures: report.regressions.length,
    },
    modelCalls: modelCalls(end.modelCalls),
    candidates: report.classes,
    rejected: report.rejected,
    pocs: report.pocs,
    sandbox: end.sandbox,
    models: `recorded answers: ${end.recordings}`,
    stored: directory,
  };
}

/** Without what each process asks of the servers themselves; an answer that was not heard to its end is asked for again. */
function modelCalls(calls: DemoEnd["modelCalls"]) {
  const named = calls.filter(({ sample }) => sample !== "");
  return { asked: named.length, askedAgain: named.filter(({ ended }) => ended === "client-left").length };
}

export type DemoSummary = ReturnType<typeof demoSummary>;
