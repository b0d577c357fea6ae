import { createHash } from "node:crypto";
import { statFields } from "./process-tree.ts";

/** The name of this installation and this process on everything that a crash could leave. */
export type OwnLabel = {
  readonly own: string;
  /** Whether something with `name` in its name was made by a process of this installation that has ended. */
  isLeft(name: string): boolean;
};

/** `startOf` gives when a process began, null for none: process ids come back, pairs of both do not. */
export function ownLabel(instance: string, startOf: (pid: number) => string | null = readStart): OwnLabel {
  const family = `copatcher-${createHash("sha256").update(instance).digest("hex").slice(0, 8)}`;
  const pattern = new RegExp(`${family}-(\\d+)-(\\d+)`);
  return {
    own: `${family}-${process.pid}-${startOf(process.pid) ?? "0"}`,
    isLeft(name) {
      const [label, pid, start] = pattern.exec(name) ?? [];
      return label !== undefined && startOf(Number(pid)) !== start;
    },
  };
}

/** In ticks since the machine started. */
const readStart = (pid: number): string | null => statFields(pid)?.[19] ?? null;
