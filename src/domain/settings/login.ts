import { z } from "zod";

/** A person's login. */
export const login = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, "is no login");
