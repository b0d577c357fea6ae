import { readFile } from "node:fs/promises";
import { killedBySignal } from "../killed.ts";
import type { Language } from "../language.ts";
import { loadParser } from "../syntax-tree.ts";
import { alarms, protectedPaths, shadowReason } from "./guard.ts";
import { normalFormOf } from "./normal-form.ts";
import { isJavaSource, isTestPath } from "./paths.ts";
import { pocFault, pocFileName, pocRun } from "./poc.ts";
import { planJavaSetup } from "./setup-plan.ts";
import { warmUpScript } from "./shell.ts";
import { skeletonOf } from "./skeleton.ts";
import { mayDefine, structureOf } from "./structure.ts";
import { syntaxErrorOf } from "./syntax-check.ts";
import { planJavaCanary, planJavaTests } from "./test-plan.ts";
import { readJavaTestReport } from "./test-reports.ts";

/** Java as a target language; loads the grammar once. */
export async function createJava(): Promise<Language> {
  const parse = await loadParser("java");
  const asset = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
  const [reporter, pocMain] = await Promise.all([asset("Junit4Report.java"), asset("PocMain.java")]);
  return {
    id: "java",
    name: "Java",
    fences: ["java"],
    protectedPaths,
    alarms,
    toolchain: "java -version && javac -version",
    warmUp: warmUpScript,
    isSource: isJavaSource,
    isTest: isTestPath,
    shadows: shadowReason,
    structure: (text) => structureOf(parse(text, mayDefine), text),
    skeleton: (text) => skeletonOf(parse(text), text),
    syntaxError: (text) => {
      const lines = withNewlines(text);
      return syntaxErrorOf(parse(lines), lines);
    },
    normalForm: (text) => {
      const lines = withNewlines(text);
      const root = parse(lines);
      return syntaxErrorOf(root, lines) === null ? normalFormOf(root, lines) : null;
    },
    repeat:
      "compile the script with the project's classes on the class path and run its class with `java -ea`",
    poc: (script) => pocRun(script, parse, pocMain),
    pocBroken: pocFault,
    pocName: (source) => pocFileName(source, parse),
    pocCrashed: killedBySignal,
    planTests: (checkout, selection) => planJavaTests(checkout, selection, reporter),
    canary: planJavaCanary,
    readTestReport: readJavaTestReport,
    planSetup: planJavaSetup,
  };
}

/** To Java a bare carriage return ends a line too, and with it a comment. */
const withNewlines = (text: string): string => text.replaceAll(/\r\n?/g, "\n");
