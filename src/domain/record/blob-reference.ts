import { z } from "zod";

/** A text that lies beside the record under its own hash, scrubbed like everything there; `bytes` of UTF-8. */
export const BlobReference = z.object({ sha256: z.string(), bytes: z.int() }).readonly();
export type BlobReference = z.infer<typeof BlobReference>;
