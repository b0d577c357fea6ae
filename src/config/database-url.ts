import { z } from "zod";

/** Address of a PostgreSQL database; everything in it can be decoded. */
export const databaseUrl = z
  .string()
  .refine(
    isDatabaseUrl,
    "must be like postgres://user:password@host:5432/database, with special characters in the password as %XX",
  );

function isDatabaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, pathname } = new URL(value);
  return (
    (protocol === "postgres:" || protocol === "postgresql:") &&
    pathname.length > 1 &&
    [username, password, pathname].every(canDecode)
  );
}

/** Passwords in the address, as written and as meant. */
export function passwordsOf(address: string | null): readonly string[] {
  if (address === null) return [];
  const { password, searchParams } = new URL(address);
  const written = [password, searchParams.get("password") ?? ""];
  return [...written, ...written.filter(canDecode).map(decodeURIComponent)].filter((text) => text !== "");
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
