import type { RepoRef } from "../domain/issue.ts";

/** Where a repository's git data comes from. `authorization` is an HTTP header value and is asked anew per fetch. */
export type RepoSource =
  | {
      readonly kind: "remote";
      readonly repo: RepoRef;
      readonly url: string;
      readonly authorization: (() => Promise<string>) | null;
    }
  | { readonly kind: "local"; readonly directory: string };

export type TreeEntry = {
  readonly path: string;
  readonly kind: "file" | "executable" | "symlink" | "submodule";
  /** Bytes; 0 for submodules. */
  readonly size: number;
  readonly blob: string;
};

/** The base commit as one tar file on the host; sandboxes unpack a copy of it per candidate. */
export type TreeArchive = {
  readonly file: string;
  readonly sha: string;
  readonly bytes: number;
  readonly files: number;
};

/** One commit, read through git objects only: nothing is ever checked out on the host. */
export interface Checkout {
  readonly baseSha: string;
  /** Every entry of the tree, sorted by path; entries whose name is not valid UTF-8 are left out. */
  entries(): Promise<readonly TreeEntry[]>;
  /** Bytes of a regular file, null when the path is no regular file of this commit. Symlinks are never followed. */
  read(path: string): Promise<Uint8Array | null>;
  /** Paths of text files containing any of the fixed strings, sorted. */
  search(texts: readonly string[]): Promise<readonly string[]>;
  archive(signal: AbortSignal): Promise<TreeArchive>;
}

export interface Workspace {
  /**
   * The tree at `ref` (a branch, a tag or a full SHA), pinned to the commit it names now.
   * Throws RepairError `repository-unreadable`, `repository-empty` or `repository-too-large`, and `forge-unavailable`
   * while the server of a remote source is away.
   */
  checkout(source: RepoSource, ref: string, signal: AbortSignal): Promise<Checkout>;
  /** Remote repositories of which something is kept, `owner/name` in small letters. */
  repositories(): Promise<readonly string[]>;
  /**
   * Removes what is kept of a remote repository, `owner/name` in any case; a later checkout fetches it anew. Returns how
   * many copies there were. Not while a run works on it.
   */
  forget(repository: string): Promise<number>;
  /**
   * Removes what was last used before `before` (milliseconds since 1970), also single commits of a copy that is in use,
   * up to a day later; returns how many copies, archives and commits.
   */
  prune(before: number): Promise<number>;
}
