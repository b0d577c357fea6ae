import { z } from "zod";
import { loginPattern } from "../login.ts";

/** A person's login. */
export const login = z.string().regex(loginPattern, "is no login");
