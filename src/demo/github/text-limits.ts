import { z } from "zod";
import { parseBody } from "./git-objects.ts";
import { bodyLimit, tooLong } from "./pull-requests.ts";
import { below, type Route, type Site } from "./route.ts";

const WithBody = z.looseObject({ body: z.string().nullish() });

/** Issues and comments with bodies that GitHub would refuse; emulate takes any length. */
export const bodyRoutes = (site: Site): readonly Route[] =>
  ["POST", "PATCH"].map((method) => ({
    method,
    pattern: below(site, "issues(?:/comments)?(?:/\\d+(?:/comments)?)?"),
    contents: "none",
    handle: async ({ json, forward }) => {
      if ((parseBody(WithBody, json()).body?.length ?? 0) > bodyLimit) throw tooLong("IssueComment");
      return forward();
    },
  }));
