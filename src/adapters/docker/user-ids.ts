import { createHash } from "node:crypto";

/** User ids for the commands of one installation's containers. */
export type UserIds = { take(): number; giveBack(id: number): void };

const places = 800;
const perInstallation = 64;

/**
 * Process limits are counted per user id on the whole host, so containers that live at the same time and installations
 * differ. Stays below 65536, the range of a remapped engine; beyond 64 containers at a time, ids are shared.
 */
export function createUserIds(instance: string): UserIds {
  const place = createHash("sha256").update(instance).digest().readUInt16BE(0) % places;
  const first = 10_000 + place * perInstallation;
  const users = Array.from({ length: perInstallation }, () => 0);
  return {
    take() {
      const index = users.indexOf(Math.min(...users));
      users[index] = (users[index] ?? 0) + 1;
      return first + index;
    },
    giveBack(id) {
      users[id - first] = (users[id - first] ?? 1) - 1;
    },
  };
}
