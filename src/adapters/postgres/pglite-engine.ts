import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { RepairError } from "../../domain/errors.ts";

/** PostgreSQL major of the pinned PGlite; data of another major cannot be opened by it. */
const postgresMajor = "18";

/** An eighth of PGlite's default: saves about 100 MB and our tables are small. */
const sharedBuffers = "16MB";

/** Opens PostgreSQL inside this process. The first open creates the database, which takes several seconds. */
export async function openPglite(dataDirectory: string): Promise<PGlite> {
  await checkMajor(dataDirectory);
  try {
    return await PGlite.create({
      dataDir: dataDirectory,
      startParams: [...PGlite.defaultStartParams, "-c", `shared_buffers=${sharedBuffers}`],
    });
  } catch (error) {
    throw new RepairError("store-unavailable", `The embedded database in ${dataDirectory} does not open.`, {
      cause: error,
    });
  }
}

/** PGlite says only "failed to initialize properly" on data of another major, so look first. */
async function checkMajor(dataDirectory: string): Promise<void> {
  const found = await readFile(join(dataDirectory, "PG_VERSION"), "utf8").catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw new RepairError("store-unavailable", `${dataDirectory} cannot be read.`, { cause: error });
  });
  if (found !== null && found.trim() !== postgresMajor) {
    throw new RepairError(
      "store-unavailable",
      `${dataDirectory} was written by PostgreSQL ${found.trim().slice(0, 20)}, this version needs ${postgresMajor}. ` +
        "Start the Copatcher version that wrote it, or choose an empty data directory.",
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";
