import type { RunKind } from "../../domain/run.ts";
import { requestRun, type RunAsk } from "../../runs/request-run.ts";
import type { CommandAsk, CommandHandler } from "./handler.ts";

/** A command's run, with what the command says about it. */
export const runAsk = (
  kind: RunKind,
  ask: CommandAsk,
  more: Partial<Pick<RunAsk, "base" | "path" | "force" | "judges" | "issue" | "pullRequest">> = {},
): RunAsk => ({
  kind,
  installation: ask.installation,
  issue: ask.issue,
  trigger: {
    kind: "command",
    sender: ask.sender,
    delivery: ask.delivery,
    at: ask.at,
    ...(ask.comment === null ? {} : { comment: ask.comment }),
    ...(ask.app === undefined ? {} : { app: ask.app }),
  },
  label: null,
  ...(ask.command.text === "" ? {} : { hint: ask.command.text }),
  ...more,
});

export const fix: CommandHandler<"fix"> = async (deps, ask) => {
  const { base, path, force } = ask.command.options;
  const more = { ...where({ base, path }), ...(force === true ? { force } : {}) };
  return asked(await requestRun(deps, runAsk("repair", ask, more)));
};

export const plan: CommandHandler<"plan"> = async (deps, ask) => {
  const { base, path } = ask.command.options;
  return asked(await requestRun(deps, runAsk("plan", ask, where({ base, path }))));
};

export const repro: CommandHandler<"repro"> = async (deps, ask) =>
  asked(await requestRun(deps, runAsk("reproduction", ask, where({ base: ask.command.options.base }))));

export const envCheck: CommandHandler<"env check"> = async (deps, ask) =>
  asked(await requestRun(deps, runAsk("environment-check", ask, where({ path: ask.command.options.path }))));

export const asked = (run: unknown): "done" | "refused" => (run === null ? "refused" : "done");

const where = ({
  base,
  path,
}: {
  readonly base?: string | undefined;
  readonly path?: string | undefined;
}) => ({
  ...(base === undefined ? {} : { base }),
  ...(path === undefined ? {} : { path: path.replace(/\/$/, "") }),
});
