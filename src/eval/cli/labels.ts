import { join } from "node:path";
import { Command } from "commander";
import { interruption } from "../../cli/interruption.ts";
import { processConfig } from "../../config.ts";
import { profiles } from "../../domain/settings.ts";
import { createScriptedClient } from "../../simulator/scripted-client.ts";
import { relabel, type Relabelled } from "../grading/relabel.ts";
import type { Case } from "../suite/case.ts";
import { changedLabels, labelsOf } from "../suite/pooled-patch.ts";
import { refusal } from "../suite/read-json.ts";
import { requireClones, withClones, type CloneOptions } from "./clones.ts";
import { evaluationConfig } from "./evaluation-config.ts";
import { createFileJournal } from "./file-journal.ts";
import { onCase } from "./on-case.ts";
import { readCases } from "./read-cases.ts";
import { tell } from "./tell.ts";

type Options = CloneOptions & { readonly resume: string; readonly json: boolean };

/** `eval labels`: whether the deciding tests still say of every pooled patch what its label says. */
export const labelsCommand = (): Command =>
  withClones(new Command("labels"))
    .description(
      "run the deciding tests on accepted fixes and pooled patches again, and hold them against the labels",
    )
    .argument("<cases>", "folder of cases")
    .option(
      "--resume <dir>",
      "folder that keeps executions; a later run goes on from it",
      ".copatcher/eval/labels",
    )
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

type Checked = { readonly instance: string } & (
  | { readonly patches: number; readonly broke: readonly string[]; readonly problems: readonly string[] }
  | { readonly why: string }
);

/** Throws `evaluation-invalid` when all is told, where a label is no truth. */
async function run(folder: string, options: Options): Promise<void> {
  const { cases: ids, resume, json } = options;
  const repos = requireClones(options);
  const config = evaluationConfig(processConfig("cli"));
  const signal = interruption();
  const checked: Checked[] = [];
  for (const one of await readCases(folder, ids ?? null)) {
    const came = await onCase(config, one, repos, methodOf(one, resume), signal, (context) =>
      relabel(context, one, (done, total) => tell(`${one.instance}: ${done} of ${total} patches`)),
    );
    const result = "why" in came ? came : came.result;
    const told = { instance: one.instance, ...("why" in result ? { why: result.why } : held(one, result)) };
    checked.push(told);
    tell(lineOf(told));
  }
  if (json) process.stdout.write(`${JSON.stringify({ cases: checked })}\n`);
  const problems = checked.flatMap((one) => ("why" in one ? [] : one.problems));
  if (problems.length > 0) throw refusal("labels", problems);
}

const methodOf = ({ instance }: Case, work: string) => ({
  inference: createScriptedClient({ replies: { origin: "nobody is asked", replies: {} } }),
  defaults: { profile: profiles.paper },
  journal: createFileJournal(join(work, "steps", instance)),
});

const held = (one: Case, { labels, fixResolves, broke }: Relabelled) => ({
  patches: labels.size,
  broke,
  problems: [
    ...(fixResolves || broke.length > 0
      ? []
      : [`the accepted fix of ${one.instance} does not resolve it here`]),
    ...changedLabels(labelsOf(one.pool), labels).map((problem) => `${one.instance}: ${problem}`),
  ],
});

function lineOf(one: Checked): string {
  if ("why" in one) return `${one.instance}: left out, ${one.why}`;
  const { patches, broke, problems } = one;
  const told = problems.length === 0 ? "as their labels say" : problems.join("; ");
  return `${one.instance}: ${patches} patches, ${told}${broke.length === 0 ? "" : `; broke: ${broke.join("; ")}`}`;
}
