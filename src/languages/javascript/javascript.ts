import { readFile } from "node:fs/promises";
import type { SandboxFile } from "../../ports/sandbox.ts";
import type { Language } from "../language.ts";
import { killedBySignal } from "../killed.ts";
import { planCanary } from "./canary.ts";
import { loadGrammars } from "./grammars.ts";
import { normalFormOf } from "./normal-form.ts";
import { isJavaScriptSource, isTestPath, shadowsInstalled } from "./paths.ts";
import { pocRun } from "./poc.ts";
import { pocFault } from "./poc-fault.ts";
import { pocModule } from "./poc-module.ts";
import { alarms, protectedPaths } from "./protection.ts";
import { planJavaScriptSetup } from "./setup-plan.ts";
import { skeletonOf } from "./skeleton.ts";
import { structureOf } from "./structure.ts";
import { syntaxErrorOf } from "./syntax-check.ts";
import { planJavaScriptTests } from "./test-plan.ts";
import { readJavaScriptTestReport } from "./test-report.ts";

/** JavaScript and TypeScript as a target language; loads the grammars once. */
export async function createJavaScript(): Promise<Language> {
  const { parse, isTypeScript } = await loadGrammars();
  const reporters = await helpers(
    "result_lines.cjs",
    "mocha_reporter.cjs",
    "mocha_options.cjs",
    "jasmine_run.cjs",
    "node_test_reporter.mjs",
  );
  const pocHelpers = await helpers("poc_guard.cjs", "typescript_require.cjs");
  return {
    id: "javascript",
    name: "JavaScript/TypeScript",
    fences: ["javascript", "js", "typescript", "ts", "jsx", "tsx", "mjs", "cjs"],
    isSource: isJavaScriptSource,
    protectedPaths,
    alarms,
    toolchain: "node --version",
    warmUp: null,
    isTest: isTestPath,
    shadows: shadowsInstalled,
    structure: (text) => structureOf(parse(text), text),
    skeleton: (text) => skeletonOf(parse(text), text),
    syntaxError: (text) => syntaxErrorOf(parse(text), text),
    normalForm: (text) => {
      const lines = withNewlines(text);
      const root = parse(lines);
      return syntaxErrorOf(root, lines) === null ? normalFormOf(root, lines) : null;
    },
    repeat:
      "save the script in the repository, as many folders deep as its imports begin with `../`, and run it from the root: `node path/to/poc.mjs` (`.cjs` if it uses `require`)",
    poc: (script) =>
      pocRun(script, pocModule(script.source, parse(script.source), isTypeScript(script.source)), pocHelpers),
    pocBroken: pocFault,
    pocName: (source) => (isTypeScript(source) ? "poc_code.ts" : "poc_code.js"),
    pocCrashed: killedBySignal,
    planTests: (checkout, selection) => planJavaScriptTests(checkout, selection, reporters),
    canary: (checkout, plan, token) => planCanary(checkout, plan, token, reporters),
    readTestReport: readJavaScriptTestReport,
    planSetup: planJavaScriptSetup,
  };
}

const helpers = (...names: readonly string[]): Promise<readonly SandboxFile[]> =>
  Promise.all(
    names.map(async (path) => {
      const content = await readFile(new URL(path, import.meta.url), "utf8");
      return { place: "aside" as const, path, content };
    }),
  );

/** Line ends are the same to JavaScript, also inside of template literals. */
const withNewlines = (text: string): string => text.replaceAll(/\r\n?/g, "\n");
