import type { RunStore } from "../ports/run-store.ts";

export type Health = { readonly ok: boolean; readonly store: "answers" | "fails" | "does not answer" };

/** One question to the store serves everybody who asks within this time (milliseconds). */
const fresh = 2_000;
const patience = 2_000;

/** Whether the bot can take deliveries: its store answers. Never rejects, and asks the store seldom. */
export function createHealth(runs: Pick<RunStore, "recent">): () => Promise<Health> {
  let known: { readonly health: Promise<Health>; readonly asked: number } | null = null;
  return () => {
    const now = Date.now();
    if (known === null || now - known.asked > fresh) known = { health: probe(runs), asked: now };
    return known.health;
  };
}

async function probe(runs: Pick<RunStore, "recent">): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Health>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, store: "does not answer" }), patience);
  });
  const question = runs.recent(1).then(
    (): Health => ({ ok: true, store: "answers" }),
    (): Health => ({ ok: false, store: "fails" }),
  );
  try {
    return await Promise.race([question, silence]);
  } finally {
    clearTimeout(timer);
  }
}
