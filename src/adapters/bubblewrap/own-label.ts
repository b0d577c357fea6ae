import { createHash } from "node:crypto";
import { fateOf, identityOf, thisMachine, type Machine } from "../../driver/process-identity.ts";

/** The name of this installation and this process on everything that a crash could leave. */
export type OwnLabel = {
  readonly own: string;
  /**
   * Whether something with `name` in its name was made by a process of this installation that has ended for sure; what
   * another container or machine made is not.
   */
  isLeft(name: string): boolean;
};

export function ownLabel(instance: string, machine: Machine = thisMachine()): OwnLabel {
  const family = `copatcher-${createHash("sha256").update(instance).digest("hex").slice(0, 8)}-`;
  return {
    own: family + identityOf(process.pid, machine),
    isLeft(name) {
      const at = name.indexOf(family);
      return at >= 0 && fateOf(name.slice(at + family.length), machine) === "gone";
    },
  };
}
