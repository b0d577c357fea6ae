import { Command, InvalidArgumentError } from "commander";
import { instancesNeeded, minimalDetectable } from "../statistics/power.ts";

type Options = {
  readonly delta: number;
  readonly disagreement: readonly number[];
  readonly instances?: number;
  readonly json: boolean;
};

/** Points in which two systems of a kind usually disagree (section 2.9 of the note on learning). */
const usual: readonly number[] = [10, 15, 20, 30];

/** `eval power`: how many cases it takes before a difference can be seen. */
export const powerCommand = (): Command =>
  new Command("power")
    .description("say how many cases two systems must share before a difference between them can be shown")
    .requiredOption("--delta <points>", "the difference that shall be found", pointsOf)
    .option(
      "--disagreement <points>",
      "share of cases on which the two differ, in points; separated by commas",
      (text) => text.split(",").map(pointsOf),
      usual,
    )
    .option("--instances <n>", "cases that there are: what can be found with them", countOf)
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

function run({ delta, disagreement, instances = 0, json }: Options): void {
  const rows = disagreement.map((points) => {
    const found = instances === 0 ? null : minimalDetectable(instances, points / 100);
    return {
      disagreement: points,
      instances: delta > points ? null : instancesNeeded(delta / 100, points / 100),
      detectable: found === null ? null : 100 * found,
    };
  });
  const told = rows.map((row) => {
    const need = row.instances === null ? "cannot differ by as much" : `${row.instances} cases`;
    const with_ = row.detectable === null ? "nothing" : `${row.detectable.toFixed(1)} points`;
    return `${row.disagreement} points of disagreement: ${need}${instances === 0 ? "" : `; ${instances} cases find ${with_}`}`;
  });
  const head = `A difference of ${delta} points, with 80 % power at two-sided 5 % (McNemar):`;
  process.stdout.write(json ? `${JSON.stringify({ delta, rows })}\n` : `${[head, ...told].join("\n")}\n`);
}

function pointsOf(text: string): number {
  const points = Number(text);
  if (!(points > 0 && points <= 100)) throw new InvalidArgumentError("It is no number of points up to 100.");
  return points;
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("It is no number of cases.");
  return count;
}
