import { statFields } from "../../driver/process-identity.ts";

/**
 * Which processes descend from given ones. A descendant cannot leave: in a process name space of its own, an orphan's new
 * parent is that name space's first process.
 */
export type ProcessTree = {
  /** Takes in all processes that there are; looks only at those it has not seen before. */
  update(pids: readonly number[], roots: readonly number[]): void;
  /** The root and its descendants. */
  members(root: number): readonly number[];
  /** The oldest first. */
  children(pid: number): readonly number[];
};

const outside = 0;

/** `parent` gives null for a process that has ended. */
export function createProcessTree(parent: (pid: number) => number | null = parentOf): ProcessTree {
  /** The root of every process that is known, `outside` for those that descend from none. */
  const rootOf = new Map<number, number>();

  const settle = (pid: number, unknown: ReadonlyMap<number, number>): void => {
    const path = [pid];
    for (;;) {
      const above = unknown.get(path.at(-1) ?? pid);
      const root = above === undefined || above <= 1 ? outside : rootOf.get(above);
      if (root !== undefined) {
        for (const each of path) rootOf.set(each, root);
        return;
      }
      if (above === undefined || !unknown.has(above) || path.includes(above)) return;
      path.push(above);
    }
  };

  return {
    update(pids, roots) {
      // what belongs to a new root may be down as outside
      if (roots.some((root) => rootOf.get(root) !== root)) rootOf.clear();
      const present = new Set(pids);
      for (const [pid, root] of rootOf) {
        const gone = !present.has(pid) || (root !== outside && !roots.includes(root));
        if (gone) rootOf.delete(pid);
      }
      for (const root of roots) rootOf.set(root, root);
      const unknown = new Map<number, number>();
      for (const pid of pids) {
        if (rootOf.has(pid)) continue;
        const above = parent(pid);
        if (above !== null) unknown.set(pid, above);
      }
      // one whose parent came and went in between is looked at again next time
      for (const pid of unknown.keys()) settle(pid, unknown);
    },
    members: (root) => [...rootOf].flatMap(([pid, other]) => (other === root ? pid : [])),
    children: (pid) => {
      const root = rootOf.get(pid);
      const family = [...rootOf].flatMap(([other, of]) => (of === root && other !== pid ? other : []));
      return family.filter((other) => parent(other) === pid).sort((one, other) => one - other);
    },
  };
}

/** The parent of a process, null when that has ended. */
export function parentOf(pid: number): number | null {
  const parent = statFields(pid)?.[1];
  return parent === undefined ? null : Number(parent);
}
