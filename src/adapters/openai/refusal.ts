import { z } from "zod";

/** An answer with an error status, as it came. */
export type Refusal = { readonly status: number; readonly body: string; readonly headers: Headers };

const Words = z.looseObject({ message: z.string() });
const ErrorBody = z.looseObject({
  error: z.union([z.string(), Words]).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
});

/**
 * What the body of an error says to people. OpenAI's form is `{error: {message}}`; vLLM's key check has a string there,
 * SGLang the message at the top, FastAPI a `detail`, and gateways HTML.
 */
export function messageOf(body: string): string {
  const parsed = ErrorBody.safeParse(jsonOf(body));
  if (!parsed.success) return body;
  const { error, message, detail } = parsed.data;
  return (typeof error === "object" ? error.message : error) ?? message ?? detail ?? body;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Milliseconds of a Retry-After header in seconds; dates are not worth their clock skew and count as absent. */
export function retryAfterOf(headers: Headers | undefined): number | null {
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
