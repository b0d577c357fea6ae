/** What a request must say about the webhook in it before its body is worth reading. */
export type Envelope = {
  /** GitHub's id of the delivery; the same when it is delivered again. */
  readonly id: string;
  readonly event: string;
  readonly signature: string;
  readonly form: "json" | "urlencoded";
};

export type Refusal = { readonly status: 400 | 401 | 413 | 415; readonly error: string };

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** GitHub sends nothing larger (bytes). */
export const largestBody = 25 * 1024 * 1024;

const refused = (status: Refusal["status"], error: string): Refusal => ({ status, error });

/** The envelope, or why the request is refused unread. */
export function readEnvelope(headers: Headers, limit: number = largestBody): Envelope | Refusal {
  const one = (name: string): string | null => {
    const value = headers[name];
    return typeof value === "string" ? value : null;
  };
  const form = formOf(one("content-type"));
  if (form === null || (one("content-encoding") ?? "identity") !== "identity")
    return refused(415, "The body must be application/json or application/x-www-form-urlencoded.");
  const id = one("x-github-delivery");
  if (id === null || !/^[\w-]{1,100}$/.test(id))
    return refused(400, "X-GitHub-Delivery is missing or no id.");
  const event = one("x-github-event");
  if (event === null || !/^[a-z_]{1,100}$/.test(event))
    return refused(400, "X-GitHub-Event is missing or no event.");
  const signature = one("x-hub-signature-256");
  if (signature === null)
    return refused(
      401,
      "X-Hub-Signature-256 is missing: set the same secret here and in the App's settings.",
    );
  if (Number(one("content-length") ?? 0) > limit) return refused(413, "The body is larger than 25 MB.");
  return { id, event, signature, form };
}

function formOf(contentType: string | null): Envelope["form"] | null {
  switch ((contentType ?? "").replace(/;.*/s, "").trim().toLowerCase()) {
    case "application/json":
      return "json";
    case "application/x-www-form-urlencoded":
      return "urlencoded";
    default:
      return null;
  }
}
