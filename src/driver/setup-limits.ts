/** What one set-up may leave on the disk. */
export type SetupDisk = { readonly mb: number; readonly files: number };

export const usualSetupDisk: SetupDisk = { mb: 8192, files: 1_000_000 };

/** Why a set-up took too much of the disk, with the setting that says how much it may; null when it did not. */
export function overDisk(taken: SetupDisk, limit: SetupDisk): string | null {
  if (taken.mb > limit.mb) return `wrote more than the ${limit.mb} MB of COPATCHER_SETUP_DISK_MB`;
  if (taken.files > limit.files) return `made more than the ${limit.files} files of COPATCHER_SETUP_FILES`;
  return null;
}

export const overMemory = (memoryMb: number): string =>
  `out of memory: took more than the ${memoryMb} MB of COPATCHER_SETUP_MEMORY_MB`;
