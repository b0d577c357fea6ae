import { z } from "zod";

export const isHttp = (value: string) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

const hasCredentials = (value: string) => isHttp(value) && new URL(value).username + new URL(value).password;

/** An HTTP address without a trailing slash. */
export const address = z
  .string()
  .refine(isHttp, "must be an address that begins with http:// or https://")
  .refine((value) => !hasCredentials(value), "must not hold a user name or password")
  .transform((value) => value.replace(/\/+$/, ""));
