import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { notFound } from "./answer.ts";
import { changedFilesRoute } from "./changed-files.ts";
import { checkPeopleOf, type CheckPeople } from "./check-people.ts";
import { controlPeopleOf, type ControlPeople } from "./control-people.ts";
import { createCheckRuns } from "./check-runs.ts";
import { permissionRoute } from "./collaborators.ts";
import { contentsRoute } from "./contents.ts";
import { comparisonRoute } from "./comparison.ts";
import { createCredentials } from "./credentials.ts";
import { emulatedAnswers, readdressed } from "./emulated-answers.ts";
import { draftField } from "./drafts.ts";
import { startEmulator, type EmbeddedUser, type EmulatedGitHub } from "./emulator.ts";
import { commitRoutes } from "./git-commits.ts";
import { objectRoutes } from "./git-objects.ts";
import { refRoutes } from "./git-refs.ts";
import { openGit } from "./git.ts";
import { graphqlRoute } from "./graphql.ts";
import { hookDeliveryRoutes } from "./hook-deliveries.ts";
import {
  installationPeopleOf,
  installationRepositoriesRoute,
  installationsRoute,
  type InstallationPeople,
} from "./installations.ts";
import { createPassedTime, issueEventsRoute } from "./issue-events.ts";
import { issuePeopleOf, type IssuePeople } from "./issue-people.ts";
import { overlayListener } from "./overlay.ts";
import { peopleOf, type People } from "./people.ts";
import { pullRoutes } from "./pull-requests.ts";
import { createReactions } from "./reactions.ts";
import { requestedReviewersRoute } from "./requested-reviewers.ts";
import { repositoryRoute } from "./repository.ts";
import { reviewPeopleOf, type ReviewPeople } from "./review-people.ts";
import { createReviewThreads } from "./review-threads.ts";
import { below, type Route, type Site } from "./route.ts";
import { bodyRoutes } from "./text-limits.ts";
import { createTeams } from "./teams.ts";
import { toldBy } from "./told-by.ts";
import { createWebhooks, type SentWebhook } from "./webhooks.ts";
import { completedPayload } from "./webhook-payload.ts";

export type EmbeddedGitHubOptions = {
  /** Also the slug of the App, and with `[bot]` the login of its comments. */
  readonly appName: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly repository: {
    readonly owner: string;
    readonly name: string;
    /** A bare repository with at least one commit; the bot's commits are written into it. */
    readonly bareGitDirectory: string;
    readonly defaultBranch: string;
  };
  readonly users: readonly EmbeddedUser[];
};

/** A GitHub of one repository on the loopback address, with its people as methods. */
export type EmbeddedGitHub = People &
  CheckPeople &
  ReviewPeople &
  ControlPeople &
  IssuePeople &
  InstallationPeople & {
    /** API base for Octokit's `baseUrl`; `<url>/<owner>/<name>.git` is the git address. */
    readonly url: string;
    readonly gitUrl: string;
    readonly appId: number;
    readonly appSlug: string;
    readonly privateKey: string;
    readonly installationId: number;
    /** What the App says with an emoji about `issues/1` or `issues/comments/2`. */
    readonly reactions: (subject: string) => readonly string[];
    /** The owner gives somebody this role, and no other. */
    readonly grant: EmulatedGitHub["grant"];
    /** Puts somebody into a team of the owner. */
    readonly joinTeam: (team: string, login: string) => void;
    /** The owner accepts that the App may read members. */
    readonly allowMembers: () => void;
    readonly webhooks: () => readonly SentWebhook[];
    readonly redeliver: (webhook: SentWebhook) => Promise<SentWebhook>;
    /** Forgets every delivery, as GitHub does after some days. */
    readonly forgetDeliveries: () => void;
    /** Makes the history of issues and of deliveries so many minutes older. */
    readonly passTime: (minutes: number) => void;
    readonly stop: () => Promise<void>;
  };

const appId = 4_242;
const installationId = 77_001;

const PullHeads = z.array(z.object({ head: z.object({ ref: z.string() }) }));
const Payload = z.record(z.string(), z.unknown());
const User = z.looseObject({ login: z.string() });

function routesOf(
  site: Site,
  emulated: EmulatedGitHub,
  remember: (answer: unknown) => void,
): readonly Route[] {
  const openHeads = async (): Promise<readonly string[]> => {
    const path = `/repos/${site.owner}/${site.name}/pulls?state=open&per_page=100`;
    const pulls = PullHeads.parse(await emulated.as(site.owner, "GET", path));
    return pulls.map((pull) => pull.head.ref);
  };
  const user = (login: string) =>
    emulated.as(site.owner, "GET", `/users/${encodeURIComponent(login)}`).then(
      (answer) => User.parse(answer),
      () => null,
    );
  return [
    {
      method: "POST",
      pattern: /^\/app\/installations\/\d+\/access_tokens$/,
      contents: "none",
      handle: async ({ forward }) => {
        const answer = await forward();
        if (answer.status === 201) remember(answer.body);
        return answer;
      },
    },
    repositoryRoute(site),
    installationsRoute,
    installationRepositoriesRoute(site),
    ...objectRoutes(site),
    ...commitRoutes(site),
    ...refRoutes(site),
    contentsRoute(site),
    permissionRoute(site, user),
    changedFilesRoute(site),
    comparisonRoute(site),
    ...pullRoutes(site, openHeads),
    requestedReviewersRoute(site),
    ...bodyRoutes(site),
    {
      // emulate would answer these from a repository of its own making.
      method: "*",
      pattern: below(
        site,
        "(?:git/|branches/|commits|compare/|readme|tags|contents|pulls/\\d+/(?:files|commits)).*",
      ),
      contents: "none",
      handle: () => Promise.reject(notFound()),
    },
  ];
}

/** Starts it on a free port of 127.0.0.1. The state lives in this process and in the bare repository. */
export async function startEmbeddedGitHub(options: EmbeddedGitHubOptions): Promise<EmbeddedGitHub> {
  const { owner, name, bareGitDirectory, defaultBranch } = options.repository;
  const appSlug = options.appName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const webhooks = createWebhooks({ url: options.webhookUrl, secret: options.webhookSecret });
  const hookPath = `/_hooks/${randomUUID()}`;

  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const emulated = await startEmulator({
    appId,
    appSlug,
    appName: options.appName,
    installationId,
    hookUrl: `${url}${hookPath}`,
    owner,
    name,
    defaultBranch,
    users: options.users,
  }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  const site: Site = { url, owner, name, defaultBranch, appId, appSlug, git: openGit(bareGitDirectory) };
  const credentials = createCredentials(emulated.tokens, Date.now);
  const gitPath = `/${owner}/${name}.git`;
  const time = createPassedTime();
  const forward = emulatedAnswers(emulated, site);
  const reactions = createReactions(site);
  const checks = createCheckRuns(site);
  const threads = createReviewThreads(site);
  const teams = createTeams(site);

  server.on(
    "request",
    overlayListener({
      credentials,
      routes: [
        ...hookDeliveryRoutes(site, webhooks, time),
        issueEventsRoute(site, time),
        ...reactions.routes,
        ...checks.routes,
        graphqlRoute([threads.field, draftField(site, emulated)]),
        ...threads.routes,
        ...teams.routes,
        ...routesOf(site, emulated, credentials.rememberIssued),
      ],
      forward,
      look: (request, path) => forward(request, path, null),
      hookPath,
      onHook: async (event, body) => {
        const sent = Payload.parse(JSON.parse(body.toString()));
        const complete = JSON.stringify(await completedPayload(site, emulated, sent));
        await webhooks.send(event, Payload.parse(JSON.parse(readdressed(complete, emulated, site))));
      },
      gitDirectory: bareGitDirectory,
      gitPath,
    }),
  );

  const told = toldBy(site, { emulated, webhooks, installationId });
  return {
    ...peopleOf(site, emulated, webhooks),
    ...checkPeopleOf(site, told, checks),
    ...reviewPeopleOf(site, told, threads),
    ...controlPeopleOf(site, emulated, told),
    ...issuePeopleOf(site, told),
    ...installationPeopleOf(webhooks, installationId, owner),
    reactions: reactions.of,
    grant: emulated.grant,
    joinTeam: teams.join,
    allowMembers: teams.allowMembers,
    url,
    gitUrl: `${url}${gitPath}`,
    appId,
    appSlug,
    privateKey: emulated.privateKey,
    installationId,
    webhooks: webhooks.sent,
    redeliver: webhooks.redeliver,
    forgetDeliveries: webhooks.forget,
    passTime: time.pass,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await emulated.close();
    },
  };
}
