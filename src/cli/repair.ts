import { createHash, randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { Command, Option } from "commander";
import { processConfig, type Config } from "../config.ts";
import { RepairError } from "../domain/errors.ts";
import type { RepairResult } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import { stages } from "../domain/run.ts";
import { profiles, type SettingsValues } from "../domain/settings.ts";
import { terminalText } from "../report/terminal.ts";
import { createUsageMeter } from "../pipeline/usage-meter.ts";
import { repairIssue } from "../runs/repair-issue.ts";
import { clock, wireLogger } from "../wire/base.ts";
import { wireInference } from "../wire/inference.ts";
import { wireMemoryJournal, wireNoRecord } from "../wire/local.ts";
import { wireTools } from "../wire/tools.ts";
import { checkOut } from "./check-out.ts";
import { interruption } from "./interruption.ts";
import { withOwnData } from "./own-data.ts";
import { createProgressView } from "./progress-view.ts";
import { readIssueFile } from "./read-issue.ts";
import { openReplies, recordedProfile, type OpenReplies } from "./replies.ts";
import { storeRepair } from "./store-repair.ts";
import { localSettings, tellNotes } from "./local-settings.ts";
import { withImage } from "./with-image.ts";

/** The command line publishes nothing. */
const repairStages = stages.filter((stage) => stage !== "publish");

type Options = {
  readonly repo: string;
  readonly issue: string;
  readonly replies?: string;
  readonly ref: string;
  readonly image?: string;
  readonly profile?: "paper" | "quick";
  readonly out?: string;
  readonly json: boolean;
  readonly verbose: boolean;
};

/** `copatcher repair`: the whole method on a local repository; writes the patch and a report, pushes nothing. */
export const repairCommand = (): Command =>
  new Command("repair")
    .description("repair one issue of a local repository; writes a patch and a report, pushes nothing")
    .requiredOption("--repo <dir>", "local git repository (a work tree or a bare one)")
    .requiredOption("--issue <file>", "text file: first line the title, the rest the description")
    .option("--replies <file>", "recorded model answers instead of an inference server")
    .option("--ref <commit>", "commit, tag or branch to repair", "HEAD")
    .option("--image <name>", "sandbox image that has the repository's dependencies")
    .addOption(new Option("--profile <name>", "how many samples").choices(Object.keys(profiles)))
    .option("--out <dir>", "where patch and report go (default: .copatcher/repairs/<run>)")
    .option("--verbose", "log to standard error", false)
    .option("--json", "print one JSON object on the last line", false)
    .action((options: Options) => runRepair(options));

async function runRepair(options: Options): Promise<void> {
  const config = processConfig("cli");
  const issue = await readIssueFile(options.issue);
  if (options.out !== undefined) await checkOut(options.out);
  const replies = options.replies === undefined ? null : await openReplies(options.replies);
  const started = clock.now();
  const result = await withOwnData(config, (own) => repairLocally(own, options, issue, replies));

  const seconds = Math.round((clock.now() - started) / 100) / 10;
  const runId = runIdOf(issue, options);
  const folder = options.out ?? join(".copatcher", "repairs", `${runId}-${randomUUID().slice(0, 8)}`);
  const recordings = replies === null ? null : replies.replies.origin;
  const repository = resolve(options.repo);
  const stored = await storeRepair(folder, { runId, repository, issue, result, seconds, recordings });
  if (options.json) console.log(JSON.stringify(stored));
  else console.log(`${terminalText(result, seconds)}\n\nStored in ${stored.stored}`);
}

async function repairLocally(
  config: Config,
  options: Options,
  issue: Issue,
  replies: OpenReplies | null,
): Promise<RepairResult> {
  const logger = wireLogger(config, options.verbose ? "debug" : "silent");
  const inference = replies?.client ?? requireInference(config, logger);
  const image = options.image ?? null;
  const tools = await wireTools(config, inference, logger, image);
  const wanted = profiles[options.profile ?? config.profile];
  const profile = replies === null ? wanted : recordedProfile(replies.replies, wanted);
  const view = createProgressView(repairStages, options.json);
  try {
    const { result } = await repairIssue(
      { ...tools, defaults: { ...tools.defaults, profile } },
      {
        runId: runIdOf(issue, options),
        issue,
        source: { kind: "local", directory: resolve(options.repo) },
        ref: options.ref,
        journal: wireMemoryJournal(),
        record: wireNoRecord(),
        settings: localSettings({ ...withImage(image), ...samples(options, replies) }, tools.defaults),
        onSettings: tellNotes,
        usage: createUsageMeter(),
        progress: view.report,
        signal: interruption(),
        stop: new AbortController().signal,
      },
    );
    return result;
  } finally {
    await view.end();
  }
}

/** What is sampled is said by `--profile`, or by what was recorded; else by the repository. */
function samples({ profile }: Options, replies: OpenReplies | null): SettingsValues {
  if (replies !== null) {
    return { profile: null, validation: { candidates: null, poc: { assert: null, no_assert: null } } };
  }
  return profile === undefined ? {} : { profile };
}

/** The same inputs are the same run, so that seeds and with them recorded or cached answers stay the same. */
const runIdOf = (issue: Issue, options: Options): string =>
  createHash("sha256")
    .update(JSON.stringify([issue.title, issue.body, options.ref]))
    .digest("hex")
    .slice(0, 12);

function requireInference(config: Config, logger: Parameters<typeof wireInference>[1]) {
  if (config.inference !== null) return wireInference(config.inference, logger);
  throw new RepairError(
    "config-invalid",
    "COPATCHER_INFERENCE_URL is not set, and no recorded answers were given with --replies",
  );
}
