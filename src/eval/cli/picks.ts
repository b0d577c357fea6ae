import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { SelectionArm } from "../report/selection-report.ts";
import type { Case } from "../suite/case.ts";
import { readJson } from "../suite/read-json.ts";
import { writeWhole } from "./write-whole.ts";

/** What each arm picked from whole pools; a null patch is no pick. */
const Picks = z.object({
  schema: z.literal(1),
  picks: z.array(z.object({ arm: z.string(), instance: z.string(), patch: z.string().nullable() })),
});
export type Pick = z.infer<typeof Picks>["picks"][number];

const fileOf = (work: string): string => join(work, "picks.json");

export async function keepPicks(
  work: string,
  cases: readonly Case[],
  arms: readonly SelectionArm[],
): Promise<void> {
  const picks = arms.flatMap(({ name, choose }) =>
    cases.map(({ instance, pool }): Pick => {
      const { pick } = choose(
        instance,
        pool.map(({ id }) => id),
      );
      return { arm: name, instance, patch: pool.find(({ id }) => id === pick)?.patch ?? null };
    }),
  );
  await writeWhole(fileOf(work), `${JSON.stringify({ schema: 1, picks }, null, 2)}\n`);
}

/** The picks of one arm. Throws `usage` when there are none, or none of that arm. */
export async function readPicks(work: string, arm: string): Promise<readonly Pick[]> {
  const file = fileOf(work);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new RepairError("usage", `${file} cannot be read; \`eval selection\` writes it`, { cause: error });
  });
  const { picks } = readJson(Picks, text, file);
  const found = picks.filter((pick) => pick.arm === arm);
  const names = [...new Set(picks.map((pick) => pick.arm))];
  if (found.length === 0) throw new RepairError("usage", `there is no arm ${arm}, but ${names.join(", ")}`);
  return found;
}
