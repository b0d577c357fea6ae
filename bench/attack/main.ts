import { Command } from "commander";
import { loadLanguages } from "../../src/languages/detect.ts";
import type { Attack } from "./attack.ts";
import { gitAttacks } from "./attacks/git.ts";
import { jobs } from "./attacks/jobs.ts";
import { kernel } from "./attacks/kernel.ts";
import { network } from "./attacks/network.ts";
import { processes } from "./attacks/processes.ts";
import { reports } from "./attacks/reports.ts";
import { resources } from "./attacks/resources.ts";
import { secrets } from "./attacks/secrets.ts";
import { checkUnprotected, runAttacks, type Result } from "./run-attacks.ts";
import { findUsable, openSubject, subjectKinds } from "./subject.ts";

type Options = {
  readonly image: string;
  readonly only?: string;
  readonly sandbox?: string;
  readonly json: boolean;
};

/** `npm run attack`: attacks on every sandbox of this machine, each with the canary that shows that it works. */
await new Command("attack")
  .description(
    "attack the sandboxes, and show for each attack that it works with the protection off; needs root",
  )
  .option("--image <name>", "image with sh and python3 for Docker", "copatcher-sandbox:test")
  .option("--sandbox <kind>", `one of ${subjectKinds.join(", ")}; default all`)
  .option("--only <text>", "attacks whose name has this text")
  .option("--json", "print one JSON object on the last line", false)
  .action(main)
  .parseAsync();

async function main({ image, only = "", sandbox, json }: Options): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error("the canaries need root: they run the attacks with the protection off");
  const bot = secrets();
  const all: readonly Attack[] = [
    ...resources,
    ...processes,
    ...kernel,
    ...(await network()),
    ...bot.attacks,
    ...jobs,
    ...reports(await loadLanguages()),
    ...gitAttacks,
  ].filter(({ name }) => name.includes(only));
  const say = (text: string) => console.error(text);
  const wanted = subjectKinds.filter((one) => sandbox === undefined || one === sandbox);
  const { usable, skipped } = await findUsable(wanted, image);
  if (usable.length === 0) throw new Error(`no sandbox to attack: ${skipped.join("; ")}`);
  for (const why of skipped) say(`left out: ${why}`);
  const works = await checkUnprotected(all, say);
  const results: Record<string, readonly Result[]> = {};
  for (const kind of usable) {
    const { subject, close } = await openSubject(kind, image);
    results[kind] = await runAttacks(all, subject, works, say);
    await close();
  }
  bot.cleanUp();
  const report = { ...summarise(results, all, works), skipped };
  if (json) console.log(JSON.stringify(report));
  else console.log(JSON.stringify({ ...report, results: undefined }, null, 2));
  process.exit(report.escaped.length === 0 ? 0 : 1);
}

function summarise(
  results: Readonly<Record<string, readonly Result[]>>,
  all: readonly Attack[],
  works: ReadonlyMap<string, string | null>,
) {
  const proven = all.filter(({ name }) => works.get(name) !== null);
  const everything = Object.values(results).flat();
  const escaped = everything.filter(({ contained }) => !contained);
  const bySandbox = Object.entries(results).map(([kind, list]) => [
    kind,
    { attempted: list.length, contained: list.filter(({ contained }) => contained).length },
  ]);
  return {
    attacks: all.length,
    attempted: everything.length,
    contained: everything.length - escaped.length,
    escaped: escaped.map(({ sandbox, name, saw }) => ({ sandbox, name, saw })),
    // with the protection off nothing happened either on this machine, so they are not counted
    unproven: all.filter((attack) => !proven.includes(attack)).map(({ name }) => name),
    sandboxes: Object.fromEntries(bySandbox) as Record<string, { attempted: number; contained: number }>,
    results: everything,
  };
}
