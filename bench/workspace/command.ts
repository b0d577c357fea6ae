import { Command } from "commander";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ZodType } from "zod";
import { median, round } from "../sandbox/measure.ts";
import { startProcess } from "../webhooks/process.ts";
import { Beginning, Normalising, Reading, type Order } from "./orders.ts";
import { shapes, type Shape } from "../sandbox/trees.ts";
import { headlinesOf } from "./headlines.ts";
import { half, makeRepository, type BenchRepository } from "./repository.ts";

type Options = { readonly rounds: number; readonly json: boolean };

const patches = 60;
/** Classes in a file of 20 kB, where half of Django's code is in larger files. */
const things = 70;
const smallThings = 7;

/** `npm run bench -- workspace`: a repository's structure and skeletons, and 60 patches' normal forms (issue 7). */
export const workspaceBench = (): Command =>
  new Command("workspace")
    .description(
      "reading structure and skeletons of 7,000 files and of 42, the next commit when the first is known, what of them a run reads to begin, and normalising 60 patches, and half as much",
    )
    .option("--rounds <n>", "processes per measurement, of which the median counts", Number, 3)
    .option("--json", "print one JSON object on the last line", false)
    .action(run);

async function run({ rounds, json }: Options): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-bench-"));
  const ask = async <T>(order: Order, answer: ZodType<T>): Promise<T> => {
    const measured = startProcess("../workspace/process.ts", order, join(directory, "log"));
    const result = await measured.next(answer);
    await measured.stop();
    return result;
  };
  const repeat = async <T>(measure: (round: number) => Promise<T>): Promise<readonly T[]> => {
    const results: T[] = [];
    for (let count = 0; count < rounds; count += 1) results.push(await measure(count));
    return results;
  };
  const read = (name: string, repository: BenchRepository) =>
    repeat((count) => {
      const mirrors = join(directory, `mirrors-${name}-${count}`);
      const { directory: path, commits } = repository;
      return ask({ kind: "read", repository: path, mirrors, commits: [...commits] }, Reading);
    });
  try {
    console.error("making the repositories");
    const made = (name: string, shape: Shape) => makeRepository(join(directory, name), shape);
    const [large, halved, small] = [
      made("large", shapes.large),
      made("half", half),
      made("small", shapes.small),
    ];
    console.error("reading");
    const readings = await read("large", large);
    const halfReadings = await read("half", halved);
    const smallReadings = await read("small", small);
    const beginnings = await repeat((count) => {
      const mirrors = join(directory, `mirrors-begin-${count}`);
      const { directory: path, commits } = large;
      return ask({ kind: "begin", repository: path, mirrors, commit: commits[0] }, Beginning);
    });
    console.error("normalising");
    const normalise = (size: number) =>
      repeat(() => ask({ kind: "normalise", patches, things: size }, Normalising));
    const [single, double] = [await normalise(things), await normalise(2 * things)];
    const report = {
      bench: "workspace",
      files: large.files,
      runBeginsMs: round(median(beginnings.map(({ ms }) => ms)), 0),
      ...headlinesOf(
        { readings: smallReadings, normalisings: await normalise(smallThings) },
        { readings, normalisings: single },
      ),
      ...readingFigures(readings, halfReadings),
      ...normalisingFigures(single, double),
    };
    console.log(json ? JSON.stringify(report) : JSON.stringify(report, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `ratio`: what twice the input costs. */
function readingFigures(whole: readonly Reading[], half: readonly Reading[]) {
  const middle = (all: readonly Reading[], name: keyof Reading) => median(all.map((one) => one[name]));
  return {
    sources: middle(whole, "sources"),
    definitions: middle(whole, "definitions"),
    mirrorMs: round(middle(whole, "mirrorMs"), 0),
    coldMs: round(middle(whole, "coldMs"), 0),
    warmMs: round(middle(whole, "warmMs"), 0),
    memoryMb: round(Math.max(...whole.map((one) => one.memoryMb)), 0),
    coldRatio: round(middle(whole, "coldMs") / middle(half, "coldMs")),
    warmRatio: round(middle(whole, "warmMs") / middle(half, "warmMs")),
  };
}

function normalisingFigures(single: readonly Normalising[], double: readonly Normalising[]) {
  const ms = (all: readonly Normalising[]) => median(all.map((one) => one.ms));
  return {
    patches,
    patchedFileBytes: single[0]?.fileBytes,
    classes: single[0]?.classes,
    normaliseMs: round(ms(single), 0),
    normaliseRatio: round(ms(double) / ms(single)),
  };
}
