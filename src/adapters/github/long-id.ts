import { z } from "zod";

/** Of deliveries and events; GitHub's no longer fit into a number, and Octokit reads those as bigints. */
export const LongId = z.union([z.string(), z.int(), z.bigint()]).transform(String);
