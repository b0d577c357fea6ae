import { pathArgument, quote } from "../shell.ts";
import type { BuildTool, TestClass } from "./build-tool.ts";
import { buildCommands, treeClasspath } from "./shell.ts";
import { clearReports, mergeReports } from "./test-reports.ts";

export const report = "test-report";
export const reporterFile = "Junit4Report.java";

/** JUnit of the image, beside what the tree and the environment hold. */
const imageJars = ["junit", "hamcrest", "opentest4j", "apiguardian", "picocli", "univocity"]
  .map((name) => `/usr/share/java/${name}*.jar`)
  .join(" ");

export type TestCommand = { readonly command: string; readonly script: string };

/** Runs the classes with the tree's build; `jupiter` matters only where there is none. */
export function testScript(build: BuildTool, classes: readonly TestClass[], jupiter: boolean): TestCommand {
  const { command, run } = buildRun(build, classes, jupiter);
  const script = `report="$COPATCHER_OUT/${report}"
${makeReady}(
${run}
)
code=$?
${keepReports}
exit "$code"
`;
  return { command, script };
}

type BuildRun = { readonly command: string; readonly run: string };

function buildRun(build: BuildTool, classes: readonly TestClass[], jupiter: boolean): BuildRun {
  if (build === "plain") {
    return { command: `java ${classes.map(({ name }) => name).join(" ")}`, run: plainRun(classes, jupiter) };
  }
  const words = build === "maven" ? mavenArguments(classes) : gradleArguments(classes);
  const [shown, used] = build === "maven" ? ["mvn", "maven"] : ["gradle", "gradle_build"];
  return { command: `${shown} ${words}`, run: `${buildCommands}\n${used} ${words}` };
}

/** Before the tests run. */
export const makeReady = `${mergeReports}
${clearReports}
`;

/** Joins the reports that they left. */
export const keepReports = '[ -s "$report" ] || merge_reports';

/** A module's dependencies are compiled with it. */
function mavenArguments(classes: readonly TestClass[]): string {
  const modules = [...new Set(classes.map(({ module }) => module))];
  if (modules.every((module) => module === "")) return mavenFilter(classes);
  return `${mavenFilter(classes)} -pl ${modules.map((module) => quote(module || ".")).join(",")} -am`;
}

/**
 * By path, which every Surefire understands. A red test is for the reports to tell: it must not keep Maven from the
 * modules after its own.
 */
export function mavenFilter(classes: readonly TestClass[], method = ""): string {
  const names = classes.map(({ name }) => name.replaceAll(".", "/") + method).join(",");
  return `test -Dtest=${quote(names)} -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.failure.ignore=true`;
}

/** A filter belongs to the task before it, so each module's tests follow their task. */
function gradleArguments(classes: readonly TestClass[]): string {
  const modules = [...new Set(classes.map(({ module }) => module))];
  const tasks = modules.map((module) => {
    const filters = classes
      .filter((test) => test.module === module)
      .map(({ name }) => `--tests ${quote(name)}`);
    return `${quote(`:${module === "" ? "" : `${module.replaceAll("/", ":")}:`}test`)} ${filters.join(" ")}`;
  });
  return `--continue ${tasks.join(" ")}`;
}

/** No build: javac on the tests and what they need, and JUnit of the environment or of the image. */
function plainRun(classes: readonly TestClass[], jupiter: boolean): string {
  const files = classes.map(({ path }) => pathArgument(path)).join(" ");
  const roots = [...new Set(classes.map(rootOf))].map(pathArgument).join(":");
  const names = classes.map(({ name }) => quote(name));
  const compiled = jupiter ? files : `"$COPATCHER_ASIDE/${reporterFile}" ${files}`;
  const runner = jupiter
    ? `org.junit.platform.console.ConsoleLauncher --disable-banner --details=none \\
  --reports-dir="$COPATCHER_OUT/junit-reports" ${names.map((name) => `--select-class=${name}`).join(" ")}`
    : `Junit4Report "$report" ${names.join(" ")}`;
  return `${treeClasspath}
for jar in ${imageJars}; do if [ -f "$jar" ]; then classpath="$classpath:$jar"; fi; done
classes=$(mktemp -d) || exit
changed >"$classes/sources"
javac_quietly -d "$classes" \\
  -sourcepath "$sourcepath:"${roots} -classpath "$classpath" "@$classes/sources" ${compiled} || exit
java $jvm -ea -classpath "$classes:src/test/resources:$classpath" ${runner}`;
}

/** Folder that the package of a test starts in. */
function rootOf({ path, name }: TestClass): string {
  const inPackage = `${name.replaceAll(".", "/")}.java`;
  return path.endsWith(`/${inPackage}`) ? path.slice(0, -inPackage.length - 1) : ".";
}
