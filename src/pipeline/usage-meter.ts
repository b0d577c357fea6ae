import { addUsage, noUsage, roles, type Role, type Usage } from "../domain/transcript.ts";

/** Sums what the model calls of one run cost and which model answered for each role. */
export type UsageMeter = {
  /** `call` names one paid call; read again from the journal, it adds nothing. */
  add(call: string, role: Role, model: string, usage: Usage, answered?: Answered): void;
  /** What was written of an answer that was called off. No journal holds it, so a resumed run starts without. */
  lost(usage: Usage): void;
  total(): Usage;
  /** Prompt and answer tokens together. */
  tokens(): number;
  models(): Readonly<Record<string, string>>;
  /** Hashes of the prompt files that were filled, by prompt. */
  prompts(): Readonly<Record<string, string>>;
  /** Sum of what the answers took. */
  milliseconds(): number;
};

/** What an answer was asked with, and how long it took. */
export type Answered = {
  readonly prompt: { readonly id: string; readonly hash: string };
  readonly milliseconds: number;
};

export function createUsageMeter(): UsageMeter {
  let total: Usage = noUsage;
  const models = new Map<Role, string>();
  const prompts = new Map<string, string>();
  const counted = new Set<string>();
  let milliseconds = 0;
  return {
    add(call, role, model, usage, answered) {
      models.set(role, model);
      if (counted.has(call)) return;
      counted.add(call);
      total = addUsage(total, usage);
      if (answered === undefined) return;
      prompts.set(answered.prompt.id, answered.prompt.hash);
      milliseconds += answered.milliseconds;
    },
    lost(usage) {
      total = addUsage(total, usage);
    },
    total: () => total,
    tokens: () => total.prompt + total.completion,
    models: () =>
      Object.fromEntries(
        roles.flatMap((role): [string, string][] => {
          const model = models.get(role);
          return model === undefined ? [] : [[role, model]];
        }),
      ),
    prompts: () => Object.fromEntries([...prompts].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    milliseconds: () => milliseconds,
  };
}
