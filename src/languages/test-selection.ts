import type { Checkout } from "../ports/workspace.ts";
import { countWords, createSimilarity, type WordCounts } from "./similarity.ts";

/** A path says more about a file than any of its words. */
const pathWeight = 12;
const maxBytes = 512 * 1024;
const maxRead = 4000;

/** How files of one language name each other. */
export type Affinity = {
  /** How an import of the source file looks, as fixed strings. */
  importsOf(source: string): readonly string[];
  /** Folders and name of a source file without what says nothing: `src/shop/rates.py` is `shop`, `rates`. */
  partsOf(source: string): readonly string[];
  /** Name of the file that a test file tests, by its own name: `tests/test_rates.py` is `rates`. */
  subjectOf(test: string): string;
};

type Document = { readonly path: string; readonly words: WordCounts };

/**
 * The `limit` test files most likely to exercise the suspects: those that import a suspect's module or carry its name
 * first, then those that talk of the same things. Suspects take turns, so that each has its tests among them.
 */
export async function selectTests(
  checkout: Checkout,
  tests: readonly string[],
  suspects: readonly string[],
  limit: number,
  affinity: Affinity,
): Promise<readonly string[]> {
  if (tests.length <= limit) return tests;
  const documents = await readDocuments(checkout, tests.slice(0, maxRead));
  const similarity = createSimilarity(documents.map((document) => document.words));
  const rankings = await Promise.all(
    suspects.map(async (suspect) => {
      const [document] = await readDocuments(checkout, [suspect]);
      const importers = new Set(await checkout.search(affinity.importsOf(suspect)));
      const score = (test: Document): number =>
        nameBonus(affinity, suspect, test.path) +
        (importers.has(test.path) ? 0.2 : 0) +
        (document === undefined ? 0 : similarity(document.words, test.words));
      const scored = documents.map((test) => ({ path: test.path, score: score(test) }));
      return scored.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1)).map(({ path }) => path);
    }),
  );
  return takeTurns([...rankings, tests], limit);
}

/** Projects inside the project: what their tests need is rarely installed, and one broken conftest.py stops them all. */
const asides = /^(examples?|samples?|docs?|benchmarks?|vendor|third_party|node_modules)\//;

/** Test files of the tree, sorted. */
export async function testFiles(
  checkout: Checkout,
  isTest: (path: string) => boolean,
): Promise<readonly string[]> {
  const entries = await checkout.entries();
  const all = entries
    .filter(({ path, kind }) => (kind === "file" || kind === "executable") && isTest(path))
    .map(({ path }) => path);
  const own = all.filter((path) => !asides.test(path));
  return own.length > 0 ? own : all;
}

async function readDocuments(checkout: Checkout, paths: readonly string[]): Promise<Document[]> {
  const sizes = new Map((await checkout.entries()).map(({ path, size }) => [path, size]));
  return Promise.all(
    paths.map(async (path) => {
      const bytes = (sizes.get(path) ?? 0) > maxBytes ? null : await checkout.read(path);
      const words = countWords(path.replace(/\.\w+$/, ""), new Map(), pathWeight);
      return { path, words: countWords(Buffer.from(bytes ?? []).toString("utf8"), words) };
    }),
  );
}

/** `writer.py` and `test_writer.py` belong together; the more so, the more of their folders have the same name. */
function nameBonus(affinity: Affinity, suspect: string, test: string): number {
  const source = affinity.partsOf(suspect);
  if (affinity.subjectOf(test) !== source.at(-1)) return 0;
  const folders = new Set(
    test
      .split("/")
      .slice(0, -1)
      .flatMap((folder) => folder.split("_")),
  );
  const shared = source.slice(0, -1).filter((folder) => folders.has(folder)).length;
  return 0.15 + 0.15 * shared;
}

function takeTurns(rankings: ReadonlyArray<readonly string[]>, limit: number): readonly string[] {
  const taken = new Set<string>();
  const positions = rankings.map(() => 0);
  while (taken.size < limit) {
    const before = taken.size;
    for (const [turn, ranking] of rankings.entries()) {
      // The last ranking is all tests in their order; it only fills up what the suspects leave.
      if (turn === rankings.length - 1 && taken.size > before) break;
      let position = positions[turn] ?? 0;
      while (position < ranking.length && taken.has(ranking[position] ?? "")) position += 1;
      const next = ranking[position];
      positions[turn] = position + 1;
      if (next !== undefined && taken.size < limit) taken.add(next);
    }
    if (taken.size === before) break;
  }
  return [...taken];
}
