import type { IncomingMessage } from "node:http";

/** Why a body was not read: it is too long, there are too many at once, or its sender went away. */
export type Unread = "too-large" | "too-many" | "cut-off";

/** The bytes of all bodies that are held at the same time. */
export type Budget = { take(bytes: number): boolean; give(bytes: number): void };

export function createBudget(limit: number): Budget {
  let held = 0;
  return {
    take(bytes) {
      if (held + bytes > limit) return false;
      held += bytes;
      return true;
    },
    give(bytes) {
      held -= bytes;
    },
  };
}

/**
 * The whole body, or why not; keeps nothing any more as soon as there are more than `limit` bytes. Whoever gets a body
 * gives its bytes back to the budget when done with it.
 */
export function readBody(request: IncomingMessage, limit: number, budget: Budget): Promise<Buffer | Unread> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let open = true;
    const settle = (unread: Unread): void => {
      if (!open) return;
      open = false;
      budget.give(length);
      chunks.length = 0;
      resolve(unread);
    };
    request.on("data", (chunk: Buffer) => {
      if (!open) return;
      if (length + chunk.length > limit) return settle("too-large");
      if (!budget.take(chunk.length)) return settle("too-many");
      length += chunk.length;
      chunks.push(chunk);
    });
    request.on("end", () => {
      if (!open) return;
      open = false;
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length));
    });
    request.on("error", () => settle("cut-off"));
    request.on("close", () => settle("cut-off"));
  });
}
