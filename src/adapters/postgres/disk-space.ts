import { statfsSync } from "node:fs";
import { unavailable } from "./database-trouble.ts";

const mebibyte = 1024 * 1024;

/** Two more segments of the write-ahead log, and what one transaction adds to the tables. */
const reserve = 64 * mebibyte;

/**
 * Throws RepairError `store-unavailable` while the disk of `directory` has too little space left for the embedded database
 * `name` to write: PGlite that cannot extend its write-ahead log does not fail, it spins and with it the whole process
 * (seen with 0.5.16).
 */
export function checkDiskSpace(directory: string, name: string): void {
  const { bavail, blocks, bsize } = statfsSync(directory);
  // some file systems do not say
  if (blocks === 0 || bavail * bsize >= reserve) return;
  const left = Math.floor((bavail * bsize) / mebibyte);
  throw unavailable(name, {
    what: `has only ${left} MB of disk space left and needs ${reserve / mebibyte} to write`,
    fix: `Free space on the disk of ${directory}; nothing that was acknowledged is lost, and nothing has to be restarted.`,
  });
}
