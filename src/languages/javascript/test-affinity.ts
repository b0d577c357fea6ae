import type { Affinity } from "../test-selection.ts";

const extension = /\.[cm]?[jt]sx?$/;

/** Name under which other files import it, without what resolution adds: `src/shop/index.ts` is `src/shop`. */
const moduleOf = (path: string): string => path.replace(extension, "").replace(/\/index$/, "");

export const javaScriptAffinity: Affinity = {
  /** `"./rates"`, `'../shop/rates.js'`: from wherever, the path ends in the file's name. */
  importsOf(source) {
    const name = moduleOf(source).split("/").at(-1) ?? "";
    const file = source.split("/").at(-1) ?? "";
    const compiled = file.replace(/\.([cm]?)tsx?$/, ".$1js");
    const endings = new Set([name, file, compiled]);
    return [...endings].flatMap((ending) => [`/${ending}"`, `/${ending}'`, `/${ending}\``]);
  },
  partsOf: (source) =>
    moduleOf(source)
      .replace(/^(src|lib|packages)\//, "")
      .split("/"),
  subjectOf: (test) =>
    (test.split("/").at(-1) ?? "")
      .replace(extension, "")
      .replace(/^tests?[._-]|[._-](tests?|specs?|unit|integration)\b|(?<=[a-z0-9])(Test|Spec)s?$/g, ""),
};
