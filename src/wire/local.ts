import { createLocalForge } from "../adapters/local/local-forge.ts";
import { createMemoryJournal } from "../adapters/memory/journal.ts";
import { noRecord } from "../adapters/memory/no-record.ts";
import type { Issue } from "../domain/issue.ts";
import type { Forge } from "../ports/forge.ts";
import type { Journal } from "../ports/journal.ts";
import type { RunRecord } from "../ports/run-record.ts";

/** A journal that keeps nothing beyond this process. */
export const wireMemoryJournal = (): Journal => createMemoryJournal();

/** A record of nothing, for runs that nobody looks at later. */
export const wireNoRecord = (): RunRecord => noRecord;

/** The forge of the command line: a folder instead of GitHub. */
export const wireLocalForge = (directory: string, repositoryDirectory: string, issue: Issue): Forge =>
  createLocalForge({ directory, repositoryDirectory, issue });
