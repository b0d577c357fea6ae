import type { Command } from "../../domain/command/parse-command.ts";
import type { Verb } from "../../domain/command/verbs.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Forge } from "../../ports/forge.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";

/** A command that somebody gave where its verb may be said. */
export type CommandAsk<C extends Command = Command> = {
  readonly command: C;
  readonly installation: number;
  /** The issue or pull request where it was said, as it was then. */
  readonly issue: Issue;
  readonly onPullRequest: boolean;
  readonly sender: string;
  /** See Actor. */
  readonly app?: number;
  /** The comment that says it, null where a checkbox does; `at` is when (ISO 8601). */
  readonly comment: number | null;
  readonly at: string;
  readonly delivery: string;
};

/**
 * Does what the command asks for, when its sender may, or says why not on the issue; `refused` becomes a confused face
 * on the comment. Safe to repeat: deliveries are handled at least once.
 */
export type CommandHandler<V extends Verb> = (
  deps: DeliveryDependencies,
  ask: CommandAsk<Extract<Command, { readonly verb: V }>>,
  forge: Forge,
) => Promise<"done" | "refused">;
