import type { Answer } from "./answer.ts";
import type { Git } from "./git.ts";

/** What every handler knows about the one repository that is served. */
export type Site = {
  readonly url: string;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly appId: number;
  readonly appSlug: string;
  readonly git: Git;
};

export type OverlayRequest = {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  /** What the pattern's groups matched, percent-decoded. */
  readonly parts: readonly string[];
  /** The JSON body; throws a 400 refusal when it is none. */
  readonly json: () => unknown;
  /** Sends the request on to emulate, or asks it for another path with the same credentials. */
  readonly forward: (path?: string) => Promise<Answer>;
};

/** One endpoint that the overlay answers itself or changes; everything else goes to emulate as it is. */
export type Route = {
  readonly method: string;
  readonly pattern: RegExp;
  /** Right on the repository's contents; `none` leaves the check to emulate. */
  readonly contents: "none" | "read" | "write";
  readonly handle: (request: OverlayRequest) => Promise<Answer>;
};

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Pattern of a path below the repository, e.g. `git/blobs/([^/]+)`; logins and names compare without case. */
export const below = (site: Site, path: string): RegExp => pathPattern(site, `/${path}`);

/** Pattern of the repository's own path. */
export const repositoryItself = (site: Site): RegExp => pathPattern(site, "");

const pathPattern = (site: Site, rest: string): RegExp =>
  new RegExp(`^/repos/${quoted(site.owner)}/${quoted(site.name)}${rest}$`, "i");

export const repositoryUrl = (site: Site): string => `${site.url}/repos/${site.owner}/${site.name}`;
