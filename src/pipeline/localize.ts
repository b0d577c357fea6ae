import type { FileLocation, LineRange, Location, NamedLocation } from "../domain/location.ts";
import { mergeFiles, mergeLocations } from "../domain/merge-locations.ts";
import { parseFileList, parseLocations } from "../domain/parse-locations.ts";
import type { Structure } from "../languages/language.ts";
import { mayChange } from "./may-change.ts";
import { packFiles, type SourceFile } from "./numbered-files.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { fixableFiles, renderTree } from "./repository-tree.ts";
import { linesAround } from "./code-segments.ts";
import { recordLocalization } from "./record-localization.ts";
import { readAnswers, requireSomeAnswer } from "./answers.ts";
import { askMany, type Answer } from "./sample.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

export type Localization = {
  readonly files: readonly FileLocation[];
  readonly locations: readonly Location[];
  readonly sources: readonly SourceFile[];
};

/**
 * The second step of the paper's localization (3.2.2): lines from the numbered text of the files that the first step named,
 * several samples, merged by votes. No file gives empty lists.
 */
export async function localizeLines(
  context: StageContext,
  files: readonly FileLocation[],
): Promise<Localization> {
  const sources = await readSources(context, files);
  const named = sources.length === 0 ? [] : await voteOnLines(context, sources);
  const locations = named.length > 0 ? named : wholeFiles(context, sources);
  context.progress({
    stage: "localize",
    text: `${locations.length} suspicious places in ${sources.length} files`,
  });
  return { files, locations, sources };
}

/** Where no sample names a readable line, the suspected files themselves, without votes, are better than no code. */
const wholeFiles = (context: StageContext, sources: readonly SourceFile[]): readonly Location[] =>
  sources.map(({ path, text }) => ({
    path,
    range: { first: 1, last: context.language.structure(text).lines },
    votes: 0,
  }));

/** The first step: files from the repository's tree, several samples, merged by votes. */
export async function localizeFiles(context: StageContext): Promise<readonly FileLocation[]> {
  const prompt = context.prompts.prompt("localize-files");
  const fixable = fixableFiles(await context.checkout.entries(), context.language);
  const paths = fixable.filter((path) => mayChange(context, path));
  const structure = renderTree(paths, context.problem, await characterBudget(context, prompt));
  const content = render(prompt, { problem_statement: context.problem, structure });
  const answers = await askMany(
    context,
    { prompt, messages: [{ role: "user", content }], priority: 1 },
    context.profile.localizationSamples,
    counting(context, "files", context.profile.localizationSamples),
  );
  requireSomeAnswer(answers);
  const samples = readAnswers(answers, (text) => parseFileList(text, paths));
  const files = mergeFiles(votesOf(samples), context.profile.topFiles);
  await recordLocalization(context.record, "files", samples, files);
  return files;
}

async function voteOnLines(
  context: StageContext,
  sources: readonly SourceFile[],
): Promise<readonly Location[]> {
  const prompt = context.prompts.prompt("localize-lines");
  const packs = packFiles(sources, await characterBudget(context, prompt), context.language);
  const samples = context.profile.localizationSamples;
  const seen = counting(context, "lines", samples * packs.length);
  const answers = await Promise.all(
    packs.map((file_contents, pack) => {
      const content = render(prompt, { problem_statement: context.problem, file_contents });
      const question = { prompt, messages: [{ role: "user" as const, content }], priority: 1 as const };
      return askMany(context, question, samples, seen, pack * samples);
    }),
  );

  const paths = sources.map((source) => source.path);
  const read = readAnswers(answers.flat(), (text) => parseLocations(text, paths));
  const structures = new Map(sources.map((s) => [s.path, context.language.structure(s.text)]));
  const locations = mergeLocations(votesOf(read), (location) =>
    resolveLocations(location, structures.get(location.path)),
  );
  await recordLocalization(context.record, "lines", read, locations);
  return locations;
}

const votesOf = <T>(samples: ReadonlyArray<{ readonly named: T | null }>): readonly T[] =>
  samples.flatMap(({ named }) => (named === null ? [] : [named]));

/** Lines, with those around them, that all definitions of one name may show together; the first is shown in any case. */
const linesOfNamesakes = 300;

/**
 * A named location as lines of its file: every definition of the name (overloads, a property's parts), else every one whose
 * qualified name ends in it. None when the file has no such line or definition.
 */
export function resolveLocations(
  location: NamedLocation,
  structure: Structure | undefined,
): readonly LineRange[] {
  if (structure === undefined) return [];
  if (location.kind === "line") {
    const { first, last } = location.range;
    const exists = first >= 1 && first <= last && first <= structure.lines;
    return exists ? [{ first, last: Math.min(last, structure.lines) }] : [];
  }
  const same = structure.definitions.filter((definition) => definition.kind === location.kind);
  const exact = same.filter((definition) => definition.name === location.name);
  const tail = same.filter((definition) => definition.name.endsWith(`.${location.name}`));
  let shown = 0;
  return (exact.length > 0 ? exact : tail).flatMap(({ range }, nth) => {
    shown += range.last - range.first + 1 + 2 * linesAround;
    return nth === 0 || shown <= linesOfNamesakes ? [range] : [];
  });
}

async function readSources(
  context: StageContext,
  files: readonly FileLocation[],
): Promise<readonly SourceFile[]> {
  const read = createSourceReader(context.checkout);
  const sources = await Promise.all(
    files.map(async ({ path }) => {
      const source = await read(path);
      return "text" in source ? [{ path, text: source.text }] : [];
    }),
  );
  return sources.flat();
}

function counting(context: StageContext, what: string, total: number): (answer: Answer) => void {
  let done = 0;
  return () => {
    done += 1;
    context.progress({ stage: "localize", text: `locating ${what}`, done, total });
  };
}
