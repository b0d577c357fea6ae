import type { Checkout } from "../ports/workspace.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A file's text as it is in the base commit, or why it has none. A byte-order mark stays part of the text. */
export type SourceText = { readonly text: string } | { readonly missing: "unknown-file" | "not-text" };

/** Reads files of one checkout as UTF-8, each at most once. */
export function createSourceReader(checkout: Checkout): (path: string) => Promise<SourceText> {
  const known = new Map<string, Promise<SourceText>>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const reading = readText(checkout, path);
    known.set(path, reading);
    return reading;
  };
}

async function readText(checkout: Checkout, path: string): Promise<SourceText> {
  const bytes = await checkout.read(path);
  if (bytes === null) return { missing: "unknown-file" };
  if (bytes.includes(0)) return { missing: "not-text" };
  try {
    return { text: decoder.decode(bytes) };
  } catch {
    return { missing: "not-text" };
  }
}
