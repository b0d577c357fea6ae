import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Problem } from "./problem.ts";

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** What is wrong with the file of certificate authorities, null when nothing is or none is named. */
export function checkCaFile(path: string | undefined): Problem | null {
  if (path === undefined) return null;
  const wrong = (problem: string): Problem => ({ variable: "COPATCHER_SETUP_CA_FILE", problem });
  try {
    const found = readFileSync(path, "utf8").match(certificate) ?? [];
    const certificates = found.map((pem) => new X509Certificate(pem));
    return certificates.length === 0 ? wrong("names a file without PEM certificates") : null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return wrong(`names a file whose certificates cannot be read (${code})`);
  }
}
