import { z } from "zod";
import { hostRule } from "../host-rule.ts";

const host = z
  .string()
  .max(260)
  .refine((entry) => hostRule(entry) !== null, "is no host name, *.domain or host:port, without https://");

/** The way out of a repository's set-up; nothing else has one. */
export const NetworkSettings = z.strictObject({
  setup: z
    .array(host)
    .max(100)
    .nullable()
    .default(null)
    .describe(
      "The only hosts that the set-up may reach (`pypi.org`, `*.npmjs.org`, `host:8443`), of those that the operator allows (COPATCHER_SETUP_HOSTS); null: all of these, an empty list: none",
    ),
});
