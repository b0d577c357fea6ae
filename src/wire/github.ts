import { Probot } from "probot";
import { createGitHubAppForge } from "../adapters/github/app-forge.ts";
import { createGitHubForges } from "../adapters/github/forge.ts";
import type { AppConfig, Config } from "../config.ts";
import { runPageUrl } from "../domain/run-page.ts";
import type { AppForge } from "../ports/app-forge.ts";
import type { FileCopies } from "../ports/file-copies.ts";
import type { Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { linkingForges } from "../runs/linking-forges.ts";
import { redactingForges } from "../runs/redacting-forges.ts";
import { forgesWithLastGood } from "../runs/settings-last-good.ts";
import { clock, secretsOf } from "./base.ts";
import { countedFetch } from "./counted-fetch.ts";
import { UnthrottledOctokit } from "./unthrottled-octokit.ts";

type GitHubUse = {
  /** Called for each request that GitHub refuses for its rate limits. */
  readonly limited?: () => void;
  /** What all processes of the App share. */
  readonly store?: { readonly runs: Pick<RunStore, "takeDuty">; readonly files: FileCopies };
};

/** GitHub as the App itself sees it, and as the runs see it; Probot authenticates both. */
export function wireGitHub(
  config: Config & { readonly app: AppConfig },
  logger: Logger,
  { limited = () => {}, store }: GitHubUse = {},
): { readonly app: AppForge; readonly forges: Forges } {
  const { app, github } = config;
  const probot = new Probot({
    appId: app.id,
    privateKey: app.privateKey,
    secret: app.webhookSecret,
    baseUrl: github.apiUrl,
    Octokit: UnthrottledOctokit,
    request: { fetch: countedFetch(limited) },
    logLevel: "warn",
  });
  const forges = createGitHubForges({
    octokitForInstallation: (id) => probot.auth(id),
    webUrl: github.webUrl,
    clock,
    logger,
    ...(store === undefined ? {} : { takeDuty: (name, forMs) => store.runs.takeDuty(name, forMs) }),
  });
  const lasting = store === undefined ? forges : forgesWithLastGood(forges, { files: store.files, logger });
  return {
    app: createGitHubAppForge((id) => probot.auth(id ?? undefined), logger),
    forges: redactingForges(wireLinks(config, lasting), secretsOf(config)),
  };
}

/** What is written leads to the runs' pages where people can reach them. */
function wireLinks({ app, server }: Config & { readonly app: AppConfig }, forges: Forges): Forges {
  const { publicUrl } = server;
  if (publicUrl === null) return forges;
  return linkingForges(forges, (id) => runPageUrl(publicUrl, app.webhookSecret, id));
}
