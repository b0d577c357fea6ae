import { z } from "zod";
import { ChatBody, CompletionBody, parseSampleHeader } from "./call-body.ts";
import type { ReceivedCall } from "./serve-call.ts";

/** The call in a request; a text says why it is none, null that the path is another one. */
export function receivedCall(
  path: string,
  header: string | readonly string[] | undefined,
  body: unknown,
): ReceivedCall | string | null {
  const sample = parseSampleHeader(header?.toString());
  if (path === "/v1/chat/completions") {
    const parsed = ChatBody.safeParse(body);
    if (!parsed.success) return z.prettifyError(parsed.error);
    return { kind: "chat", body: parsed.data, messages: parsed.data.messages, sample };
  }
  if (path !== "/v1/completions") return null;
  const parsed = CompletionBody.safeParse(body);
  if (!parsed.success) return z.prettifyError(parsed.error);
  const messages = [{ role: "user" as const, content: parsed.data.prompt }];
  return { kind: "completion", body: parsed.data, messages, sample };
}
