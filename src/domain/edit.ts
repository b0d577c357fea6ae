/** One SEARCH/REPLACE edit as a model wrote it; an empty `search` on a path that does not exist creates the file. */
export type Edit = { readonly path: string; readonly search: string; readonly replace: string };

/** The whole content of one file before and after; null means that the file does not exist then. */
export type FileChange = {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
};

/** Why a sample produced no candidate. The names are shown to people and counted in the evidence. */
export type RejectionReason =
  | "no-answer"
  | "truncated"
  | "malformed-edit"
  | "unsafe-path"
  | "protected-path"
  | "unknown-file"
  | "not-text"
  | "search-not-found"
  | "search-ambiguous"
  | "no-change"
  | "too-large"
  | "syntax-error";

export type Rejection = { readonly reason: RejectionReason; readonly detail: string };
