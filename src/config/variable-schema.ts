import { z } from "zod";

export type Shown = { readonly meaning: string; readonly example: string; readonly fallback?: string };

/** A variable's schema with what people are shown about it; `fallback` is the text of its default. */
export const shown = <T extends z.ZodType>(schema: T, { meaning, example, fallback }: Shown) =>
  schema.meta({ description: meaning, example, fallback: fallback ?? "" });

/** A whole number from `first` to `last`, as text. */
export const whole = (first: number, last: number) => {
  const message = `must be a whole number from ${first} to ${last}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= first && value <= last, message);
};

/** One of the words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...names: T) =>
  z.enum(names, { error: `must be one of ${names.join(", ")}` });

/** On (1) or off (0); true and false mean the same. */
export const flag = (fallback: "0" | "1") =>
  z
    .enum(["0", "1", "false", "true"], { error: "must be one of 0, 1" })
    .prefault(fallback)
    .transform((value) => value === "1" || value === "true");
