import { Command, Option } from "commander";
import { RepairError } from "../../domain/errors.ts";

export type CloneOptions = {
  /** Ids of cases. */
  readonly cases?: readonly string[];
  readonly repos?: string;
};

/** A command that works on cases of a folder, with which of them, and where their repositories lie. */
export const withClones = (command: Command): Command =>
  command
    .option("--cases <ids>", "only these, separated by commas", commas)
    .addOption(new Option("--repos <dir>", "folder of clones that hold the base commits").env("EVAL_REPOS"));

/** The folder of clones. Throws `usage` where none is named. */
export function requireClones({ repos }: CloneOptions): string {
  if (repos === undefined)
    throw new RepairError("usage", "name the folder of clones with --repos or EVAL_REPOS");
  return repos;
}

export function commas(text: string): readonly string[] {
  return text.split(",");
}
