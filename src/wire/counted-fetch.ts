import { RateLimited } from "../adapters/github/github-error.ts";

/** `fetch` that tells of every answer by which GitHub asks for a pause. */
export const countedFetch =
  (limited: () => void): typeof fetch =>
  async (input, init) => {
    const response = await globalThis.fetch(input, init);
    if ((await RateLimited.of(response)) !== null) limited();
    return response;
  };
