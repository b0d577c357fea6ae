import type { Checkout } from "../../ports/workspace.ts";
import { otherNumber } from "../canary-text.ts";
import { commandPlan } from "../command-plan.ts";
import type { CanaryPlan, TestPlan, TestSelection } from "../language.ts";
import { selectTests, testFiles } from "../test-selection.ts";
import { buildToolOf, modulesOf, testClasses, textOf, type ModuleOf, type TestClass } from "./build-tool.ts";
import { isJavaSource, isTestClass, isTestPath } from "./paths.ts";
import { buildCommands } from "./shell.ts";
import { javaAffinity } from "./test-affinity.ts";
import { keepReports, makeReady, report, reporterFile, testScript } from "./test-script.ts";

/**
 * How the repository's tests are run: the command of its settings, Maven, Gradle, or the JDK and JUnit alone, on the
 * test classes nearest to the suspects. `reporter` is the text of Junit4Report.java.
 */
export async function planJavaTests(
  checkout: Checkout,
  selection: TestSelection,
  reporter: string,
): Promise<TestPlan | null> {
  const { command, suspects, maxFiles } = selection;
  if (command !== null) return commandPlan(command, report, makeReady + offline, keepReports);
  const build = await buildToolOf(checkout);
  const moduleOf = await modulesOf(checkout, build);
  const all = await runnableTests(checkout, moduleOf);
  const near = await selectTests(checkout, all, suspects, maxFiles, javaAffinity);
  const classes = await testClasses(checkout, moduleOf, near);
  if (classes.length === 0) return null;
  const run = testScript(build, classes, await usesJupiter(checkout, classes));
  return {
    ...run,
    report,
    files: [aside(reporterFile, reporter)],
    selected: classes.map(({ path }) => path),
  };
}

/** `mvn` and `gradle` of a command in the settings find what the set-up fetched. */
const offline = `${buildCommands}
mvn() { maven "$@"; }
gradle() { gradle_build "$@"; }
`;

/** Files of test classes that the build runs: by their names, or, where no name is one, by their contents. */
export async function runnableTests(checkout: Checkout, moduleOf: ModuleOf): Promise<readonly string[]> {
  const named = await testFiles(checkout, isTestClass);
  const found = named.length > 0 ? named : await checkout.search(["@Test"]);
  return found.filter((path) => isJavaSource(path) && isTestPath(path) && moduleOf(path) !== null);
}

const jupiterImport = /^[ \t]*import\s+(static\s+)?org\.junit\.jupiter\./m;
const junit4Import = /^[ \t]*import\s+(static\s+)?org\.junit\.(?!jupiter)/m;

async function usesJupiter(checkout: Checkout, classes: readonly TestClass[]): Promise<boolean> {
  const texts = await Promise.all(classes.map(({ path }) => textOf(checkout, path)));
  return texts.some((text) => jupiterImport.test(text));
}

/** Beside the first selected test of JUnit 4 or 5; null when there is none, or a command of the settings chooses tests. */
export async function planJavaCanary(
  checkout: Checkout,
  plan: TestPlan,
  token: string,
): Promise<CanaryPlan | null> {
  const build = await buildToolOf(checkout);
  const classes = await testClasses(checkout, await modulesOf(checkout, build), plan.selected);
  for (const test of classes) {
    const text = await textOf(checkout, test.path);
    const jupiter = jupiterImport.test(text);
    if (!jupiter && !junit4Import.test(text)) continue;
    const simple = `T${token.replaceAll(/\W/g, "")}Test`;
    const beside = (own: string): string => own.replace(/[\w$]+(\.java)?$/, `${simple}$1`);
    const canary: TestClass = { path: beside(test.path), name: beside(test.name), module: test.module };
    const { script } = testScript(build, [...classes, canary], await usesJupiter(checkout, classes));
    const source = (length: number): string => canarySource(canary.name, simple, jupiter, length);
    return {
      script,
      report,
      files: plan.files,
      module: {
        path: canary.path,
        first: source(simple.length),
        second: source(otherNumber(simple.length)),
      },
      mark: simple,
      passes: `${canary.name}::passes`,
      fails: `${canary.name}::fails`,
    };
  }
  return null;
}

function canarySource(name: string, simple: string, jupiter: boolean, length: number): string {
  const home = name.includes(".") ? `package ${name.slice(0, name.lastIndexOf("."))};\n\n` : "";
  const annotation = jupiter ? "org.junit.jupiter.api.Test" : "org.junit.Test";
  return `${home}public class ${simple} {
  @${annotation}
  public void passes() {
    if ("${simple}".length() != ${simple.length}) throw new AssertionError("wrong length");
  }

  @${annotation}
  public void fails() {
    if ("${simple}".length() != ${length}) throw new AssertionError("wrong length");
  }
}
`;
}

const aside = (path: string, content: string) => ({ place: "aside" as const, path, content });
