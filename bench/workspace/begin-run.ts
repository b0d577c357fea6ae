import type { Language } from "../../src/languages/language.ts";
import { codeSegments } from "../../src/pipeline/code-segments.ts";
import { packFiles } from "../../src/pipeline/numbered-files.ts";
import { fixableFiles, renderTree } from "../../src/pipeline/repository-tree.ts";
import type { Checkout } from "../../src/ports/workspace.ts";

/** Files that the first step of localization names, as many as the paper keeps. */
const suspects = 5;

/** Characters of a prompt that the paper's models have room for. */
const budget = 75_000;

const problem = "Thing1 of app/part1/module60.py scales by the wrong factor";

const decoder = new TextDecoder();

/**
 * What a run reads of a commit for its prompts, in the pipeline's own way: the tree of all paths, then the suspected files
 * with their structure. Gives how many definitions these have.
 */
export async function beginRun(checkout: Checkout, language: Language): Promise<number> {
  const paths = fixableFiles(await checkout.entries(), language);
  renderTree(paths, problem, budget);
  const named = paths.filter((path) => path.includes("/module")).slice(0, suspects);
  const files = await Promise.all(
    named.map(async (path) => ({
      path,
      text: decoder.decode((await checkout.read(path)) ?? new Uint8Array()),
    })),
  );
  packFiles(files, budget, language);
  const range = { first: 1, last: 2 };
  codeSegments(
    files,
    named.map((path) => ({ path, range, votes: 1 })),
    language,
    budget,
  );
  return files.reduce((sum, { text }) => sum + language.structure(text).definitions.length, 0);
}
