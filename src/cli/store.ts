import { Command } from "commander";
import { processConfig } from "../config.ts";
import { wireLogger } from "../wire/base.ts";
import { checkNew } from "./check-new.ts";
import { createCounter } from "./counter.ts";
import { checkReadable, readJsonLines, writeJsonLines } from "./json-lines.ts";
import { withStore } from "./open-store.ts";

type Options = { readonly json: boolean };

/** `copatcher store`: back-ups of runs, deliveries, steps and records, for the embedded database and a server alike. */
export const storeCommand = (): Command =>
  new Command("store")
    .description("back up and restore the database; also the way from the embedded one to PostgreSQL")
    .addCommand(backup())
    .addCommand(restore());

const backup = (): Command =>
  new Command("backup")
    .description("write the whole database to a new file, as of one moment")
    .argument("<file>", "gzipped when its name ends in .gz")
    .option("--json", "print one JSON object on the last line", false)
    .action(async (file: string, { json }: Options) => {
      await checkNew(file);
      const counter = createCounter("rows written", json);
      const config = processConfig("cli");
      const rows = await withStore(config, wireLogger(config, "silent"), (store) =>
        writeJsonLines(file, (write) =>
          store.backup.backup(async (value) => {
            await write(value);
            counter.add();
          }),
        ),
      );
      counter.end();
      console.log(json ? JSON.stringify({ rows, file }) : `${rows} rows written to ${file}`);
    });

const restore = (): Command =>
  new Command("restore")
    .description("read such a file into an empty database, all of it or nothing")
    .argument("<file>", "as `store backup` wrote it")
    .option("--json", "print one JSON object on the last line", false)
    .action(async (file: string, { json }: Options) => {
      await checkReadable(file);
      const counter = createCounter("rows read", json);
      const config = processConfig("cli");
      async function* counted(): AsyncIterable<unknown> {
        for await (const value of readJsonLines(file)) {
          counter.add();
          yield value;
        }
      }
      const rows = await withStore(config, wireLogger(config, "silent"), (store) =>
        store.backup.restore(counted()),
      );
      counter.end();
      console.log(json ? JSON.stringify({ rows, file }) : `${rows} rows restored from ${file}`);
    });
