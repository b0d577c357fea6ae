import type { Role } from "../domain/transcript.ts";
import type { SampleRequest } from "../ports/inference-client.ts";

/** Models that serve a role; several are replicas of each other. */
export type RoleModels = Readonly<Record<Role, readonly [string, ...string[]]>>;

export type Replicas = {
  /** The server of the sample that this one continues, else the one with the fewest sequences under way. */
  choose(request: SampleRequest): string;
  began(model: string, request: SampleRequest): void;
  ended(model: string): void;
};

export function createReplicas(models: RoleModels): Replicas {
  const underWay = new Map<string, number>();
  const servers = new Map<string, string>();
  const load = (model: string): number => underWay.get(model) ?? 0;
  return {
    choose({ run, role, continues }) {
      const before = continues === null ? undefined : servers.get(`${run} ${continues}`);
      if (before !== undefined && models[role].includes(before)) return before;
      return models[role].reduce((least, model) => (load(model) < load(least) ? model : least));
    },
    began(model, { run, stage, index, attempt }) {
      underWay.set(model, load(model) + 1);
      servers.set(`${run} ${stage}/${index}/${attempt}`, model);
    },
    ended: (model) => void underWay.set(model, load(model) - 1),
  };
}
