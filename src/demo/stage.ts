import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
import { createProgressView, type ProgressView } from "../cli/progress-view.ts";
import { stages } from "../domain/run.ts";
import type { ProgressEvent, ReportProgress } from "../ports/progress.ts";
import { parseReplies } from "../simulator/replies.ts";
import type { ServedRequest } from "../simulator/http/served-request.ts";
import { startModelServer } from "../simulator/server.ts";
import { startBot, type BotProcess, type LogLine } from "./bot-process.ts";
import { botEnvironment, freePort } from "./environment.ts";
import { startEmbeddedGitHub } from "./github/embedded-github.ts";
import { createSampleRepository, sampleReplies } from "./sample.ts";

export type DemoOptions = {
  readonly directory: string;
  /** Kill the bot once while candidates are written. */
  readonly crash: boolean;
  readonly replies: string | null;
  readonly say: (text: string) => void;
  readonly silent: boolean;
};

/** How the demo's run ended, as seen from outside the bot. */
export type DemoEnd = {
  readonly state: string;
  readonly reportFile: string;
  readonly sandbox: string;
  readonly recordings: string;
  readonly restarts: number;
  /** Every request that reached the model server. */
  readonly modelCalls: readonly ServedRequest[];
  readonly comments: readonly string[];
  readonly pullRequests: readonly DemoPullRequest[];
  readonly pullRequestBody: string | null;
};

export type DemoPullRequest = {
  readonly number: number;
  readonly draft: boolean;
  readonly title: string;
  readonly head: string;
  readonly base: string;
  readonly bodyLength: number;
  readonly url: string;
};

export type Demo = { readonly url: string; run(): Promise<DemoEnd>; close(): Promise<void> };

const owner = "cadence-maintainers";
const maintainer = "maria";

/** Sets the stage: repository, embedded GitHub, recorded models, and the real bot as a process of its own. */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { directory, say } = options;
  const sample = await createSampleRepository(directory);
  const repliesFile = options.replies ?? sampleReplies;
  const replies = parseReplies(await readFile(repliesFile, "utf8"), repliesFile);
  const models = await startModelServer({ replies });
  const port = await freePort();
  const webhookSecret = randomBytes(24).toString("hex");
  const github = await startEmbeddedGitHub({
    appName: "copatcher",
    webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
    webhookSecret,
    repository: {
      owner,
      name: "cadence",
      bareGitDirectory: sample.gitDirectory,
      defaultBranch: sample.defaultBranch,
    },
    users: [
      { login: maintainer, permission: "write" },
      { login: "jonas", permission: "read" },
    ],
  });
  const environment = botEnvironment({
    github,
    webhookSecret,
    modelsUrl: models.url,
    port,
    dataDirectory: join(directory, "bot"),
  });
  say(`Embedded GitHub: ${github.url} (repository ${owner}/cadence, real signed webhooks)`);
  say(`Models: recorded answers, not a GPU. ${replies.origin}`);

  let bot: BotProcess | null = null;
  return {
    url: github.url,
    async run() {
      say("Starting the bot, a process of its own ...");
      let view: ProgressView | null = null;
      const report: ReportProgress = (event) => view?.report(event);
      const watched = watchBot({ ...options, environment, view: report, onBot: (one) => (bot = one) });
      const number = await github.openIssue(sample.issue.title, sample.issue.body, "jonas");
      const ready = await watched.ready;
      say(`Sandbox: ${ready}`);
      say(`Issue #${number}: ${sample.issue.title}\n${maintainer} adds the label "copatcher" ...\n`);
      view = createProgressView(stages, options.silent);
      await github.addLabel(number, "copatcher", maintainer);
      const ended = await closing(watched.ended, view);
      const pullRequests = await github.pullRequests();
      const [first] = pullRequests;
      return {
        ...ended,
        sandbox: ready,
        recordings: replies.origin,
        restarts: bot?.restarts() ?? 0,
        modelCalls: models.requests(),
        comments: (await github.comments(number)).map((comment) => comment.body),
        pullRequests: pullRequests.map((pull) => ({
          number: pull.number,
          draft: pull.draft,
          title: pull.title,
          head: pull.head,
          base: pull.base,
          bodyLength: pull.body.length,
          url: pull.url,
        })),
        pullRequestBody: first?.body ?? null,
      };
    },
    async close() {
      await bot?.stop();
      await Promise.all([github.stop(), models.stop()]);
    },
  };
}

/** The run's end, with the progress view closed whether it ended well or not. */
async function closing(ended: Promise<Ended>, view: ProgressView): Promise<Ended> {
  try {
    return await ended;
  } finally {
    await view.end();
  }
}

type Watch = {
  readonly directory: string;
  readonly crash: boolean;
  readonly say: (text: string) => void;
  readonly environment: Readonly<Record<string, string>>;
  readonly view: ReportProgress;
  readonly onBot: (bot: BotProcess) => void;
};

type Ended = { readonly state: string; readonly reportFile: string };

/** Starts the bot and reads its log: when it is ready (with its sandbox), what it does, and how the run ended. */
function watchBot(watch: Watch): { ready: Promise<string>; ended: Promise<Ended> } {
  const ready = deferred<string>();
  const ended = deferred<Ended>();
  ended.promise.catch(() => {});
  let reportFile = "";
  let crashes = watch.crash ? 1 : 0;

  const onLine = (line: LogLine): void => {
    if (line.msg === "copatcher is ready") ready.resolve(String(line["sandbox"]));
    if (line.msg === "run report stored") reportFile = String(line["stored"]);
    if (line.msg === "run ended") {
      const state = line["state"] as { readonly at: string };
      if (state.at !== "queued") ended.resolve({ state: state.at, reportFile });
    }
    if (line.msg !== "progress") return;
    const event = line["progress"] as ProgressEvent;
    watch.view(event);
    if (crashes > 0 && event.stage === "generate" && (event.done ?? 0) * 2 > (event.total ?? 0)) {
      crashes -= 1;
      bot.crash();
    }
  };
  const bot = startBot({
    environment: watch.environment,
    logFile: join(watch.directory, "bot.log"),
    onLine,
    onRestart: (why) => watch.say(`${why}; starting it again, the run resumes where it was.`),
    onGiveUp: (error) => {
      ready.reject(error);
      ended.reject(error);
    },
  });
  watch.onBot(bot);
  return { ready: ready.promise, ended: ended.promise };
}

type Deferred<T> = {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
};

/** A promise with its handles; Node 20 has no Promise.withResolvers. */
function deferred<T>(): Deferred<T> {
  let handles: Pick<Deferred<T>, "resolve" | "reject"> = { resolve: () => {}, reject: () => {} };
  const promise = new Promise<T>((resolve, reject) => {
    handles = { resolve, reject };
  });
  return { promise, ...handles };
}
