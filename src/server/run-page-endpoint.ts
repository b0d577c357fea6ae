import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { opensRunPage } from "../domain/run-page.ts";
import type { Clock } from "../ports/clock.ts";
import type { RunReportReader } from "../ports/run-reports.ts";
import type { RunReader } from "../ports/run-store.ts";
import { runPage, runPageStyle } from "../report/run-page.ts";
import { answerText } from "./answer.ts";

export type RunPageDependencies = {
  readonly secret: string;
  readonly runs: Pick<RunReader, "run" | "transitions">;
  readonly reports: RunReportReader;
  /** Address of GitHub for people. */
  readonly webUrl: string;
  readonly clock: Pick<Clock, "now">;
};

/** Answers with the page of the run that path and key name; false, and nothing is answered, when they name none. */
export type RunPageEndpoint = (path: string, key: string, response: ServerResponse) => Promise<boolean>;

const style = createHash("sha256").update(runPageStyle).digest("base64");

const headers: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

const address = /^\/runs\/([\w-]{1,64})$/;

export function createRunPageEndpoint(deps: RunPageDependencies): RunPageEndpoint {
  return async (path, key, response) => {
    const id = address.exec(path)?.[1];
    // nothing is asked of the store, or of the disk, for who has no key
    if (id === undefined || !opensRunPage(deps.secret, id, key)) return false;
    const run = await deps.runs.run(id);
    if (run === null) return false;
    const [transitions, report] = await Promise.all([deps.runs.transitions(id), deps.reports.read(id)]);
    const page = runPage({ run, transitions, report, webUrl: deps.webUrl, now: deps.clock.now() });
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answerText(response, 200, "text/html; charset=utf-8", page);
    return true;
  };
}
