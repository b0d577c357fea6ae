/** A piece of KV memory. `hash` is null while nobody else may use it. */
export type Block = { hash: number | null; users: number };
