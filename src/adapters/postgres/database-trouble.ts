import { RepairError } from "../../domain/errors.ts";

/** Why a database does not do its work, and what its operator can do. `what` completes a sentence about the database. */
export type Trouble = { readonly what: string; readonly fix: string };

const unreachable: Trouble = {
  what: "cannot be reached",
  fix: "Check that the server runs, and host, port and file names in DATABASE_URL.",
};
const lost: Trouble = {
  what: "ended the connection",
  fix: "Nothing that was acknowledged is lost; see the server's log when it happens again.",
};
const refused: Trouble = {
  what: "refuses the login",
  fix:
    "Check user and password in DATABASE_URL (write special characters as %XX) and the server's pg_hba.conf; " +
    "when it demands encryption, add ?sslmode=verify-full.",
};
const untrusted: Trouble = {
  what: "shows a certificate that is not trusted",
  fix: "Add sslrootcert=/path/ca.pem to DATABASE_URL and use the host name that the certificate is for.",
};
const slow: Trouble = {
  what: "takes too long to answer",
  fix: "Look for long-running queries, locks and load on the server.",
};
const full: Trouble = {
  what: "has no resources left",
  fix: "Free or add disk space and memory on its machine; nothing that was acknowledged is lost.",
};
export const readOnly: Trouble = {
  what: "is read-only",
  fix: "Let DATABASE_URL point to the primary server, and check default_transaction_read_only.",
};
const crowded: Trouble = {
  what: "has no connection left",
  fix: "Raise max_connections (or the limit of the role or database), or run fewer workers: each needs up to 15.",
};
const conflict: Trouble = {
  what: "had to give up a transaction in favour of another",
  fix: "Try again.",
};
const damaged: Trouble = {
  what: "reports damaged data",
  fix: "Stop Copatcher, check the disk and restore a back-up.",
};

/** By SQLSTATE, or its first two characters; codes of Node's sockets and TLS below. */
const byCode: Readonly<Record<string, Trouble>> = {
  "08": lost,
  "28": refused,
  "3D000": {
    what: "does not exist",
    fix: "Create it (createdb), or correct the database's name in DATABASE_URL.",
  },
  "25006": readOnly,
  "25P03": slow,
  "40001": conflict,
  "40P01": conflict,
  "42501": {
    what: "does not let this user do what is needed",
    fix: "Make the user the database's owner, or grant it CREATE on the database and its schema.",
  },
  "53": full,
  "53300": crowded,
  "55P03": slow,
  "57014": slow,
  "57": lost,
  "57P03": {
    what: "is starting or shutting down",
    fix: "Wait until the server accepts connections.",
  },
  "58": full,
  XX001: damaged,
  XX002: damaged,
  ...Object.fromEntries(
    [
      "ECONNREFUSED",
      "ENOTFOUND",
      "EAI_AGAIN",
      "ETIMEDOUT",
      "EHOSTUNREACH",
      "ENETUNREACH",
      "ENOENT",
      "EACCES",
    ].map((code) => [code, unreachable]),
  ),
  ECONNRESET: lost,
  EPIPE: lost,
  ENOSPC: full,
  ...Object.fromEntries(
    [
      "SELF_SIGNED_CERT_IN_CHAIN",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "CERT_HAS_EXPIRED",
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ].map((code) => [code, untrusted]),
  ),
};

/** What pg says itself has no code. */
const byText: readonly (readonly [RegExp, Trouble])[] = [
  [
    /does not support SSL/,
    { what: "offers no encryption", fix: "Remove sslmode from DATABASE_URL, or set ssl = on there." },
  ],
  [
    /client password must be a/,
    { what: "wants a password", fix: "Write it into DATABASE_URL: postgres://user:password@host/database." },
  ],
  [
    /timeout exceeded when trying to connect|due to connection timeout|timeout expired/,
    { ...slow, what: "did not give a connection in time" },
  ],
  [/Query read timeout/, slow],
  [/Connection terminated|connection error and is not queryable/, lost],
];

export const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;

function troubleOf(error: Error): Trouble | null {
  const code = codeOf(error);
  const known =
    code === null ? undefined : (byCode[code] ?? (code.length === 5 ? byCode[code.slice(0, 2)] : undefined));
  return known ?? byText.find(([text]) => text.test(error.message))?.[1] ?? null;
}

/** A `store-unavailable` about the database `name` that says what to do; its data has both halves of the text. */
export function unavailable(
  name: string,
  { what, fix }: Trouble,
  data: Record<string, unknown> = {},
): RepairError {
  const sentence = `${name} ${what}.`;
  return new RepairError("store-unavailable", `${sentence} ${fix}`, {
    data: { ...data, what: sentence, fix },
  });
}

/**
 * An error of a database driver in words; one that is no trouble of the database itself comes back as it is. The error
 * is quoted, not carried as a cause: pg hangs its whole client on some.
 */
export function explained(name: string, error: unknown): unknown {
  if (error instanceof RepairError || !(error instanceof Error)) return error;
  const trouble = troubleOf(error);
  if (trouble === null) return error;
  const reason = error.message === "" ? codeOf(error) : error.message.slice(0, 300);
  const what = `${trouble.what} (${String(reason)})`;
  return unavailable(name, { ...trouble, what }, { code: codeOf(error) });
}

/** Whether the database rolled the transaction back only to let another one pass. */
export const isConflict = (error: unknown): boolean =>
  error instanceof RepairError && (error.data["code"] === "40001" || error.data["code"] === "40P01");
