import { InvalidArgumentError } from "commander";

/** A seed as an option gives it. */
export function seedOf(text: string): number {
  const seed = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(seed))
    throw new InvalidArgumentError("It is no whole number.");
  return seed;
}
