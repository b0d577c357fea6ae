import { repoSlug } from "../../src/domain/issue.ts";
import type { FileCopies, FilePlace } from "../../src/ports/file-copies.ts";

export function createMemoryFileCopies(): FileCopies {
  const kept = new Map<string, Uint8Array | null>();
  const keyOf = ({ installation, repo, path }: FilePlace): string =>
    `${installation} ${repoSlug(repo).toLowerCase()} ${path}`;
  return {
    find: (place) => Promise.resolve(kept.get(keyOf(place))),
    async keep(place, content) {
      kept.set(keyOf(place), content);
    },
  };
}
