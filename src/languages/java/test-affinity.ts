import type { Affinity } from "../test-selection.ts";
import { className } from "./paths.ts";

export const javaAffinity: Affinity = {
  /** By its qualified name, or unimported by a test of the same package. */
  importsOf(source) {
    const name = className(source);
    const simple = name.split(".").at(-1) ?? name;
    return [`import ${name};`, `import static ${name}.`, `new ${simple}(`, `new ${simple}<`, ` ${simple}.`];
  },
  partsOf: (source) => className(source).split("."),
  subjectOf: (test) =>
    (className(test).split(".").at(-1) ?? "").replace(/^Test(?=[A-Z])|(Tests?|TestCase|IT)$/g, ""),
};
