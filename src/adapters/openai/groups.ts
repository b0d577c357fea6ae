import { isDeepStrictEqual } from "node:util";
import type { SampleRequest } from "../../ports/inference-client.ts";

export type NonEmpty<T> = readonly [T, ...T[]];

/** Most samples that one request asks for: a broken request or a dead server costs so many at most. */
export const largestGroup = 12;

/**
 * The samples that can be the choices of one request: neighbours in index and seed with the same question, at most
 * `limit`, in groups of about the same size.
 */
export function groupsOf<T extends { readonly request: SampleRequest }>(
  members: readonly T[],
  limit: number,
): readonly NonEmpty<T>[] {
  const rows: [T, ...T[]][] = [];
  for (const member of members) {
    const row = rows.at(-1);
    const before = row?.at(-1);
    if (row !== undefined && before !== undefined && follows(before.request, member.request))
      row.push(member);
    else rows.push([member]);
  }
  return rows.flatMap((row) => inParts(row, Math.max(1, Math.min(limit, largestGroup))));
}

function inParts<T>(row: NonEmpty<T>, limit: number): NonEmpty<T>[] {
  const parts = Math.ceil(row.length / limit);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * row.length) / parts);
    const [first = row[0], ...others] = row.slice(from, Math.floor(((part + 1) * row.length) / parts));
    return [first, ...others] as const;
  });
}

function follows(before: SampleRequest, next: SampleRequest): boolean {
  const { index, seed, messages, ...question } = before;
  const { index: nextIndex, seed: nextSeed, messages: nextMessages, ...nextQuestion } = next;
  return (
    nextIndex === index + 1 &&
    nextSeed === seed + 1 &&
    // vLLM refuses several choices at temperature 0, where they would be the same.
    before.temperature > 0 &&
    isDeepStrictEqual(question, nextQuestion) &&
    (messages === nextMessages || isDeepStrictEqual(messages, nextMessages))
  );
}

/**
 * How many choices a server that refused `asked` of them may take: the largest smaller number of its message, as in
 * "Value must be between 1 <= value <= 4"; 1 when there is none.
 */
export function groupLimitIn(message: string, asked: number): number {
  const numbers = [...message.slice(0, 1_000).matchAll(/\b\d{1,3}\b/g)].map(([digits]) => Number(digits));
  return Math.max(1, ...numbers.filter((number) => number < asked));
}
