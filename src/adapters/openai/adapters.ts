import type { Role } from "../../domain/transcript.ts";

/** Names of the adapters that single repositories have, by role and `owner/name` in small letters. */
export type Adapters = Readonly<Record<Role, ReadonlyMap<string, string>>>;

export const noAdapters: Adapters = {
  "loc-gen": new Map(),
  "val-assert": new Map(),
  "val-no-assert": new Map(),
};
