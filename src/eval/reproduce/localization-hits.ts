import type { Evidence } from "../../domain/evidence.ts";
import type { Language } from "../../languages/language.ts";
import { createSourceReader } from "../../pipeline/source-files.ts";
import type { Checkout } from "../../ports/workspace.ts";
import { goldPlaces } from "../metrics/gold-places.ts";
import { fileHit, functionHit, lineHit } from "../metrics/localization.ts";
import type { LocalizationHits } from "./arm-result.ts";

/** What a run localized, held against the true fix once the run is over. Throws as goldPlaces does. */
export async function localizationHits(
  { language, checkout }: { readonly language: Language; readonly checkout: Checkout },
  fix: string,
  { files, locations }: Pick<Evidence, "files" | "locations">,
): Promise<LocalizationHits> {
  const gold = goldPlaces(fix, (path) => language.isTest(path)).files;
  const read = createSourceReader(checkout);
  const structures = new Map(
    await Promise.all(
      gold.map(async ({ path }) => {
        const source = await read(path);
        return [path, language.structure("text" in source ? source.text : "")] as const;
      }),
    ),
  );
  return {
    files: fileHit(
      gold,
      files.map(({ path }) => path),
    ),
    lines: lineHit(gold, locations),
    functions: functionHit(gold, locations, (path) => structures.get(path) ?? language.structure("")),
  };
}
