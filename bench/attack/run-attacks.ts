import type { Attack, Finding, Subject } from "./attack.ts";

export type Result = Finding & {
  readonly sandbox: string;
  readonly name: string;
  readonly tries: string;
  readonly stoppedBy: string;
  /** What the canary reached. */
  readonly unprotected: string;
};

type Say = (text: string) => void;

/** What each attack reaches with the protection off, null for those that reach nothing. */
export async function checkUnprotected(
  attacks: readonly Attack[],
  say: Say,
): Promise<ReadonlyMap<string, string | null>> {
  const reached = new Map<string, string | null>();
  for (const attack of attacks) {
    const what = await attack.unprotected().catch((error: unknown) => {
      say(`  ${attack.name}: the canary failed: ${String(error)}`);
      return null;
    });
    reached.set(attack.name, what);
    say(`unprotected  ${attack.name.padEnd(28)} ${what ?? "NOTHING REACHED"}`);
  }
  return reached;
}

/** Every attack whose canary works; those on the host itself run with the first sandbox only. */
export async function runAttacks(
  attacks: readonly Attack[],
  subject: Subject,
  works: ReadonlyMap<string, string | null>,
  say: Say,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const attack of attacks) {
    const { name, tries, stoppedBy } = attack;
    const unprotected = works.get(name) ?? null;
    if (unprotected === null || (attack.on === "host" && subject.kind !== "docker")) continue;
    const finding = await attack
      .attempt(subject)
      .catch((error: unknown): Finding => ({ contained: false, saw: `broke the sandbox: ${String(error)}` }));
    results.push({
      sandbox: attack.on === "host" ? "host" : subject.kind,
      name,
      tries,
      stoppedBy,
      unprotected,
      ...finding,
    });
    say(
      `${subject.kind.padEnd(12)} ${name.padEnd(28)} ${finding.contained ? "contained" : "ESCAPED"}: ${finding.saw}`,
    );
  }
  return results;
}
