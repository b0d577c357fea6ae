import { z } from "zod";

const entry = /^([\w.-]+\/[\w.-]+)=([\w.@:/-]{1,200})$/;

/** `owner/name=adapter`, with commas between, as the adapters' names by repository in small letters. */
export const adapterNames = z.string().transform((value, context): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const refuse = (message: string): void => context.addIssue({ code: "custom", message });
  const entries = value
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  for (const one of entries) {
    const [, repository, adapter] = entry.exec(one) ?? [];
    const key = repository?.toLowerCase();
    if (key === undefined || adapter === undefined) refuse("must be owner/name=adapter, with commas between");
    else if (names.has(key)) refuse(`must not name ${key} twice`);
    else names.set(key, adapter);
  }
  return names;
});
