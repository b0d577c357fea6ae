import { resolve } from "node:path";
import { Command } from "commander";
import { predictionLines } from "../suite/predictions.ts";
import { readPicks } from "./picks.ts";
import { writeWhole } from "./write-whole.ts";

type Options = {
  readonly arm: string;
  readonly model?: string;
  readonly out: string;
  readonly json: boolean;
};

/** `eval predictions`: what an arm picked, as the SWE-bench harness takes it. */
export const predictionsCommand = (): Command =>
  new Command("predictions")
    .description("write what an arm of `selection` picked as predictions for the SWE-bench harness")
    .argument("[dir]", "folder that `selection` kept its work in", ".copatcher/eval/selection")
    .option("--arm <name>", "whose picks", "ours")
    .option("--model <name>", "model_name_or_path in the predictions (default: copatcher-<arm>)")
    .requiredOption("--out <file>", "JSONL file to write")
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

async function run(work: string, { arm, model, out, json }: Options): Promise<void> {
  const picks = await readPicks(work, arm);
  const name = model ?? `copatcher-${arm}`;
  await writeWhole(out, predictionLines(name, picks));
  const result = { written: resolve(out), model: name, predictions: picks.length };
  process.stdout.write(
    json ? `${JSON.stringify(result)}\n` : `${picks.length} predictions of ${name} written to ${out}\n`,
  );
}
