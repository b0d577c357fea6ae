import { z } from "zod";

type Rights = { readonly contents: "none" | "read" | "write"; readonly expires: number };

const IssuedToken = z.object({
  token: z.string(),
  expires_at: z.string(),
  permissions: z.record(z.string(), z.string()).default({}),
});

/**
 * The tokens that the embedded GitHub knows. emulate takes an unknown token for its first user, so the
 * overlay has to be the one that refuses.
 */
export type Credentials = {
  readonly rememberIssued: (answer: unknown) => void;
  readonly contents: (token: string) => Rights["contents"] | null;
};

/** `people` are the users' own tokens, which may read contents but not write them. */
export function createCredentials(people: readonly string[], now: () => number): Credentials {
  const known = new Map<string, Rights>();
  for (const token of people) known.set(token, { contents: "read", expires: Number.POSITIVE_INFINITY });
  return {
    rememberIssued: (answer) => {
      const issued = IssuedToken.parse(answer);
      const granted = issued.permissions["contents"];
      const contents = granted === "write" || granted === "read" ? granted : "none";
      known.set(issued.token, { contents, expires: Date.parse(issued.expires_at) });
    },
    contents: (token) => {
      const rights = known.get(token);
      return rights === undefined || rights.expires <= now() ? null : rights.contents;
    },
  };
}
