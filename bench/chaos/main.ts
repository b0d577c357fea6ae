import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { buildBot } from "./built-bot.ts";
import { noEngine } from "./engine.ts";
import { runSetting, type SettingReport } from "./run-setting.ts";
import { defenceNames, type Defence } from "./sabotage.ts";
import { settings, type Setting } from "./settings.ts";

type Options = {
  readonly kills: number;
  readonly only?: string;
  readonly quick: boolean;
  readonly break?: Defence;
  readonly keep?: string;
  readonly json: boolean;
};

const counted = [
  "kills",
  "runs",
  "lostRuns",
  "duplicatePullRequests",
  "duplicateComments",
  "repeatedModelCalls",
  "lostDeliveries",
  "duplicateRuns",
  "overlappingExecutions",
  "inDoubt",
  "transientDoubleComments",
  "modelCalls",
  "seconds",
  "violations",
] as const;

const quickKills = 12;
const quickly: ReadonlySet<string> = new Set(["embedded", "postgres-2-workers"]);
/** What shows a missing fence: workers that wake up after their lease. */
const frozen = { worker: 30, freeze: 70 } as const;

const names = settings.map(({ name }) => name);
const whole = (text: string): number => Math.max(1, Math.trunc(Number(text)) || 1);

/** `npm run chaos`: kills the bot again and again while it works, and counts what was lost or done twice (issue 4). */
await new Command("chaos")
  .description(
    "kill the bot, its workers and what they need while runs are under way, and count what is lost",
  )
  .option("--kills <count>", "kills in all, shared out among the settings", whole, 300)
  .addOption(new Option("--only <setting>", "one setting instead of all").choices(names))
  .option("--quick", "a dozen kills, embedded and with two workers", false)
  .addOption(new Option("--break <defence>", "take this defence out of the bot first").choices(defenceNames))
  .option("--keep <directory>", "leave logs and data there")
  .option("--json", "print one JSON object on the last line", false)
  .action(main)
  .parseAsync();

async function main(options: Options): Promise<void> {
  const { json, only } = options;
  const directory = options.keep ?? mkdtempSync(join(tmpdir(), "copatcher-chaos-"));
  const broken = options.break ?? null;
  const say = (text: string): void => console.error(text);
  // not once: who is told twice (by npm and by the terminal) must still end the bots
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  const unable = noEngine();
  const wanted = settings.filter(({ name }) =>
    only === undefined ? !options.quick || quickly.has(name) : name === only,
  );
  const chosen = wanted.filter(({ layout }) => !layout.engine || unable === null);
  const shares = chosen.reduce((sum, { share }) => sum + share, 0);
  const reports: Record<string, SettingReport> = {};
  try {
    const program = buildBot(join(directory, "built"), broken);
    const run = async (setting: Setting): Promise<void> => {
      const kills = Math.max(
        1,
        Math.round(((options.quick ? quickKills : options.kills) * setting.share) / shares),
      );
      const mild = options.quick ? { ...setting, live: 3 } : setting;
      const fitting = broken === "fence" ? { ...mild, faults: frozen } : mild;
      const report = await runSetting(fitting, { directory, program, kills, say });
      reports[setting.name] = report;
      say(`${setting.name}: ${JSON.stringify(report)}`);
    };
    const inTurn = async (some: readonly Setting[]): Promise<void> => {
      for (const setting of some) await run(setting);
    };
    // beside each other, since a bot that starts or waits for GitHub's pace leaves the machine idle
    const [first, ...others] = chosen;
    await Promise.all([inTurn(first === undefined ? [] : [first]), inTurn(others)]);
  } finally {
    if (options.keep === undefined) rmSync(directory, { recursive: true, force: true });
  }
  const skipped = wanted
    .filter((setting) => !chosen.includes(setting))
    .map(({ name }) => `${name}: ${unable}`);
  const report = { ...summed(Object.values(reports)), broken, skipped, settings: reports };
  console.log(json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
  process.exit(report.violations === 0 ? 0 : 1);
}

function summed(reports: readonly SettingReport[]): Record<(typeof counted)[number], number> {
  const sum = (name: (typeof counted)[number]) => reports.reduce((total, report) => total + report[name], 0);
  const entries = counted.map((name) => [name, sum(name)]);
  return Object.fromEntries(entries) as Record<(typeof counted)[number], number>;
}
