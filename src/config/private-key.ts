import { createPrivateKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Problem } from "./problem.ts";

type Source = { readonly PRIVATE_KEY?: string | undefined; readonly PRIVATE_KEY_PATH?: string | undefined };

/** The App's key as PEM text with real line ends, null when neither variable is set, or what is wrong. */
export function readPrivateKey(source: Source): string | Problem | null {
  const { PRIVATE_KEY: text, PRIVATE_KEY_PATH: path } = source;
  if (text !== undefined && path !== undefined)
    return { variable: "PRIVATE_KEY_PATH", problem: "is set together with PRIVATE_KEY; keep one of them" };
  if (text !== undefined) return checked("PRIVATE_KEY", text.replaceAll("\\n", "\n"));
  if (path === undefined) return null;
  try {
    return checked("PRIVATE_KEY_PATH", readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { variable: "PRIVATE_KEY_PATH", problem: `names a file that cannot be read (${code})` };
  }
}

function checked(variable: "PRIVATE_KEY" | "PRIVATE_KEY_PATH", pem: string): string | Problem {
  const subject = variable === "PRIVATE_KEY" ? "is" : "names a file that holds";
  const wrong = (what: string): Problem => ({
    variable,
    problem: `${subject} ${what}; generate a private key on the App's settings page`,
  });
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (label === undefined) return wrong("no PEM text (it begins with -----BEGIN RSA PRIVATE KEY-----)");
  if (!label.endsWith("PRIVATE KEY")) return wrong(`a ${label.toLowerCase()}, not a private key`);
  const key = parsed(pem);
  if (key === null) return wrong("a private key that does not parse (cut off, or protected by a passphrase)");
  if (key.asymmetricKeyType !== "rsa") return wrong("not an RSA key");
  return pem;
}

function parsed(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}
