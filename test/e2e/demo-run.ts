import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sampleReplies } from "../../src/demo/sample.ts";
import { parseReplies } from "../../src/simulator/replies.ts";
import { runSource, type SourceRun } from "../fixtures/run-source.ts";

/** The names of the demo's JSON that DESIGN.md's section 10 promises, and those that tell why each candidate lost. */
export const DemoJson = z.object({
  pullRequest: z
    .object({
      number: z.number(),
      draft: z.boolean(),
      title: z.string(),
      head: z.string(),
      base: z.string(),
      bodyLength: z.number(),
    })
    .nullable(),
  pullRequests: z.number(),
  comments: z.number(),
  run: z.object({
    id: z.string(),
    state: z.string(),
    explanation: z.string().optional(),
    candidates: z.number(),
    classes: z.number(),
    votes: z.number(),
    pocs: z.number(),
    restarts: z.number(),
    seconds: z.number(),
  }),
  evidence: z.object({
    pocsFailBefore: z.number(),
    pocsPassAfter: z.number(),
    newTestFailures: z.number(),
  }),
  candidates: z.array(
    z.object({ votes: z.number(), files: z.array(z.string()), verdict: z.string(), why: z.string() }),
  ),
  rejected: z.array(z.object({ sample: z.string(), reason: z.string() })),
  sandbox: z.string(),
});

const Report = z.object({
  classes: z.array(z.object({ verdict: z.string(), samples: z.array(z.string()) })),
});
const ModelCalls = z.array(z.object({ sample: z.string(), ended: z.string().nullable() }));
const Progress = z.object({
  msg: z.literal("progress"),
  progress: z.object({ stage: z.string(), done: z.number().optional() }),
});

/** Everything that one run of the demo left behind. */
export type DemoRun = SourceRun & { readonly directory: string; readonly json: z.infer<typeof DemoJson> };

/** `src/demo/main.ts --once` in a process of its own, as `npm run demo` starts it. */
export async function runDemo(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<DemoRun> {
  const run = await runSource("src/demo/main.ts", ["--once", "--directory", directory, ...args], { env });
  if (run.code !== 0) throw new Error(`the demo ended with ${run.code}: ${run.stderr}\n${run.stdout}`);
  const json = DemoJson.parse(JSON.parse(await readFile(join(directory, "summary.json"), "utf8")));
  return { ...run, directory, json };
}

/** The recorded answers with every generate sample of the classes that pass taken out. */
export async function repliesWithoutTheFix({ directory, json }: DemoRun): Promise<string> {
  const file = join(directory, "bot", "runs", json.run.id, "report.json");
  const { classes } = Report.parse(JSON.parse(await readFile(file, "utf8")));
  const right = new Set(
    classes
      .filter(({ verdict }) => verdict === "selected" || verdict === "equivalent-evidence")
      .flatMap(({ samples }) => samples),
  );
  const recorded = parseReplies(await readFile(sampleReplies, "utf8"), sampleReplies);
  const generate = (recorded.replies.generate ?? []).filter((_, index) => !right.has(`generate/${index}/0`));
  return JSON.stringify({ ...recorded, replies: { ...recorded.replies, generate } });
}

/** How often the model server answered each sample to its end, by its name; one that was called off has not been. */
export async function answersBySample({ directory }: DemoRun): Promise<ReadonlyMap<string, number>> {
  const calls = ModelCalls.parse(JSON.parse(await readFile(join(directory, "model-calls.json"), "utf8")));
  const counts = new Map<string, number>();
  for (const { sample, ended } of calls)
    counts.set(sample, (counts.get(sample) ?? 0) + (ended === "answered" ? 1 : 0));
  return counts;
}

/** Candidates whose answers the bot had stored when it was killed: the last count it told before its second start. */
export async function generatedBeforeTheCrash({ directory }: DemoRun): Promise<number> {
  const log = await readFile(join(directory, "bot.log"), "utf8");
  const [, firstLife = ""] = log.split('"msg":"copatcher is ready"');
  const counts = firstLife.split("\n").flatMap((line) => {
    const parsed = Progress.safeParse(line.startsWith("{") && line.endsWith("}") ? JSON.parse(line) : null);
    return parsed.success && parsed.data.progress.stage === "generate"
      ? [parsed.data.progress.done ?? 0]
      : [];
  });
  return Math.max(0, ...counts);
}
