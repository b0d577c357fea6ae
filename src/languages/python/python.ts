import { readFile } from "node:fs/promises";
import type { Language } from "../language.ts";
import { sha256 } from "../../domain/canonical-json.ts";
import { killedBySignal } from "../killed.ts";
import { remember, rememberLast } from "../remembered.ts";
import { pythonCanary } from "./canary.ts";
import { modulePieces } from "./module-pieces.ts";
import { joinForms, normalFormOf } from "./normal-form.ts";
import { outlineOf } from "./outline.ts";
import { isPythonSource, isTestPath } from "./paths.ts";
import { pocFault, pocRun } from "./poc.ts";
import { pythonAlarms, pythonProtectedPaths } from "./policy.ts";
import { shadowedModule } from "./shadowing.ts";
import { compileTree } from "./shell.ts";
import { planPythonSetup } from "./setup.ts";
import { skeletonOf } from "./skeleton.ts";
import { mayDefine, structureOf } from "./structure.ts";
import { syntaxErrorOf } from "./syntax-check.ts";
import { loadParser } from "../syntax-tree.ts";
import { planPythonTests } from "./test-plan.ts";
import { readPythonTestReport } from "./test-report.ts";

/** Python as a target language; loads the grammar once. */
export async function createPython(): Promise<Language> {
  const parse = await loadParser("python", withoutIdleLines);
  const [reporter, pocRunner] = await Promise.all([ownFile("unittest_report.py"), ownFile("poc_runner.py")]);
  const outline = rememberLast(outlineOf);
  /** Null for a piece that does not parse. A copy of the text would keep all of the file that it was cut from. */
  const formOf = remember((piece) => {
    const root = parse(piece);
    return syntaxErrorOf(root, piece) === null ? normalFormOf(root, piece) : null;
  }, sha256);
  /** Most texts of a run differ in one piece; null where any does not parse by itself. */
  const formOfPieces = (lines: string): string | null => {
    const forms: string[] = [];
    for (const piece of modulePieces(lines)) {
      const form = formOf(piece);
      if (form === null) return null;
      forms.push(form);
    }
    return joinForms(forms);
  };
  return {
    id: "python",
    name: "Python",
    fences: ["python", "py", "python3"],
    isSource: isPythonSource,
    protectedPaths: pythonProtectedPaths,
    alarms: pythonAlarms,
    toolchain: "python3 --version",
    warmUp: compileTree,
    isTest: isTestPath,
    shadows: shadowedModule,
    structure: (text) => outline(text)?.structure ?? structureOf(parse(text, mayDefine), text),
    skeleton: (text) => outline(text)?.skeleton ?? skeletonOf(parse(text, mayDefine), text),
    syntaxError: (text) => {
      const lines = withNewlines(text);
      return formOfPieces(lines) === null ? syntaxErrorOf(parse(lines), lines) : null;
    },
    normalForm: (text) => {
      const lines = withNewlines(text);
      return formOfPieces(lines) ?? formOf(lines);
    },
    repeat:
      "save the script outside the repository and run it from the repository's root: `python3 /path/to/poc.py`",
    poc: (script) => pocRun(script, pocRunner),
    pocBroken: pocFault,
    pocName: () => "poc_code.py",
    pocCrashed: killedBySignal,
    planTests: (checkout, selection) => planPythonTests(checkout, selection, reporter),
    canary: pythonCanary,
    readTestReport: readPythonTestReport,
    planSetup: planPythonSetup,
  };
}

const ownFile = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");

/** To Python a bare carriage return ends a line too, and with it a comment. */
const withNewlines = (text: string): string => text.replaceAll(/\r\n?/g, "\n");

/** The grammar reads all lines that only go on anew for each of them: a file of them would take it minutes. */
const withoutIdleLines = (text: string): string =>
  text.replaceAll(/\\\r?\n(?=[ \t\f]*\\\r?\n)/g, (line) => " ".repeat(line.length));
