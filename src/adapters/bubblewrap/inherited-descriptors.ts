import { readdirSync, readFileSync } from "node:fs";

const closeOnExec = 0o2000000;

/**
 * The descriptors that this process would hand to its children by itself: those it got from its own parent (a service
 * manager's sockets, a shell's files), since everything that Node opens is closed on exec.
 */
export function inheritedDescriptors(): ReadonlySet<number> {
  const inherited = readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, "latin1"))?.[1];
      return (parseInt(flags ?? "0", 8) & closeOnExec) === 0 ? Number(name) : [];
    } catch {
      // the listing's own descriptor
      return [];
    }
  });
  return new Set(inherited);
}
