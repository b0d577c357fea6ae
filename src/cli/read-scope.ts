import { RepairError } from "../domain/errors.ts";
import type { DataScope } from "../ports/kept-data.ts";

export type ScopeOptions = {
  readonly issue?: string;
  readonly repository?: string;
  readonly installation?: string;
};

const name = String.raw`(?!\.{1,2}[/#]|\.{1,2}$)([\w.-]{1,100})`;
const issueForm = new RegExp(`^${name}/${name}#(\\d{1,9})$`);
const repositoryForm = new RegExp(`^${name}/${name}$`);

/** The one scope that the options name. Throws RepairError `usage` for none, several, or one that is not readable. */
export function readScope(options: ScopeOptions): DataScope {
  const given = [options.issue, options.repository, options.installation].filter((it) => it !== undefined);
  if (given.length !== 1) {
    throw new RepairError("usage", "Give one of --issue o/r#n, --repository o/r and --installation N.");
  }
  if (options.issue !== undefined) {
    const [, owner, repo, number] = issueForm.exec(options.issue) ?? [];
    if (owner === undefined || repo === undefined) throw unreadable("--issue", "owner/name#number");
    return { kind: "issue", issue: { repo: { owner, name: repo }, number: Number(number) } };
  }
  if (options.repository !== undefined) {
    const [, owner, repo] = repositoryForm.exec(options.repository) ?? [];
    if (owner === undefined || repo === undefined) throw unreadable("--repository", "owner/name");
    return { kind: "repository", repo: { owner, name: repo } };
  }
  if (!/^\d{1,15}$/.test(options.installation ?? "")) throw unreadable("--installation", "the number");
  return { kind: "installation", installation: Number(options.installation) };
}

const unreadable = (option: string, form: string): RepairError =>
  new RepairError("usage", `${option}: must have the form ${form}.`);
