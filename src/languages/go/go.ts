import type { Language } from "../language.ts";
import { loadParser } from "../syntax-tree.ts";
import { goAlarms } from "./alarms.ts";
import { planGoSetup } from "./environment.ts";
import { normalFormOf } from "./normal-form.ts";
import { isGoSource, isTestPath, protectedGoPaths, shadows } from "./paths.ts";
import { goPocCrashed, goPocFault, goPocRun } from "./poc.ts";
import { pocProgram } from "./poc-program.ts";
import { skeletonOf } from "./skeleton.ts";
import { mayDefine, structureOf } from "./structure.ts";
import { syntaxErrorOf } from "./syntax-check.ts";
import { planGoCanary, planGoTests } from "./test-plan.ts";
import { readGoTestReport } from "./test-report.ts";

/** Go as a target language; loads the grammar once. */
export async function createGo(): Promise<Language> {
  const parse = await loadParser("go");
  return {
    id: "go",
    name: "Go",
    fences: ["go", "golang"],
    protectedPaths: protectedGoPaths,
    alarms: goAlarms,
    toolchain: "go version",
    // Everything compiled lies in the environment already.
    warmUp: null,
    isSource: isGoSource,
    isTest: isTestPath,
    shadows,
    structure: (text) => structureOf(parse(text, mayDefine), text),
    skeleton: (text) => skeletonOf(parse(text), text),
    syntaxError: (text) => syntaxErrorOf(parse(text), text),
    normalForm: (text) => {
      const root = parse(text);
      return syntaxErrorOf(root, text) === null ? normalFormOf(root, text) : null;
    },
    repeat:
      "save the script in a new folder of the module and run it from there: `go run main.go`, or `go test` for a script of tests in `poc_test.go`",
    poc: (script) => goPocRun(parse, script),
    pocBroken: goPocFault,
    pocName: (source) =>
      pocProgram(parse(source), source).kind === "tests" ? "poc_code_test.go" : "poc_code.go",
    pocCrashed: goPocCrashed,
    planTests: planGoTests,
    canary: planGoCanary,
    readTestReport: readGoTestReport,
    planSetup: planGoSetup,
  };
}
