import type { RepoRef } from "../domain/issue.ts";

/** A file of a default branch, as an installation of the App sees it. */
export type FilePlace = { readonly installation: number; readonly repo: RepoRef; readonly path: string };

/** Files of the forge as they were read last, for when it cannot be read. */
export interface FileCopies {
  /** Null when there was no such file; undefined when it was never read, or so long ago that it was aged out. */
  find(place: FilePlace): Promise<Uint8Array | null | undefined>;
  keep(place: FilePlace, content: Uint8Array | null): Promise<void>;
}
