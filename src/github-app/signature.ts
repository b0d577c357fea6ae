import { createHmac, timingSafeEqual } from "node:crypto";

const form = /^sha256=([0-9a-f]{64})$/i;

/** Whether `X-Hub-Signature-256` is that of exactly these bytes; how wrong it is cannot be read from the time it takes. */
export function signatureMatches(secret: string, body: Uint8Array, header: string): boolean {
  const claimed = form.exec(header)?.[1];
  if (claimed === undefined) return false;
  return timingSafeEqual(Buffer.from(claimed, "hex"), createHmac("sha256", secret).update(body).digest());
}
