import type { Affinity } from "../test-selection.ts";
import { moduleName } from "./paths.ts";

export const pythonAffinity: Affinity = {
  /** `shop.rates`, `from shop import rates`, `import rates`. */
  importsOf(source) {
    const module = moduleName(source);
    const dot = module.lastIndexOf(".");
    if (dot === -1) return [`import ${module}`, `from ${module} `, `from ${module}.`];
    return [module, `from ${module.slice(0, dot)} import ${module.slice(dot + 1)}`];
  },
  partsOf: (source) => moduleName(source).split("."),
  subjectOf: (test) => (test.split("/").at(-1) ?? "").replace(/\.py$/, "").replace(/^tests?_|_tests?$/g, ""),
};
