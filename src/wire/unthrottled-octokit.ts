import { ProbotOctokit } from "probot";

/**
 * Probot's client without its throttling, which sends one change a second and one new comment in three: the GitHub adapter has
 * a pace of its own, for all clients of an installation, and answers GitHub's limits itself.
 */
export const UnthrottledOctokit: typeof ProbotOctokit = ProbotOctokit.defaults(
  (options: { readonly throttle?: object }) => ({
    ...options,
    throttle: { ...options.throttle, enabled: false },
  }),
);
