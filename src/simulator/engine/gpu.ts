/** One GPU that several engines may use; their steps slow each other down. */
export type Gpu = { readonly name: string; busyEngines: number };

export const createGpu = (name: string): Gpu => ({ name, busyEngines: 0 });
