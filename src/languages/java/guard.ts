import type { Alarm } from "../language.ts";
import { belowSources } from "./paths.ts";

/**
 * What decides which tests run and how. The build files are among them although they also name dependencies: three lines
 * of a pom.xml can exclude every test, or load an agent into the JVM that runs them.
 */
export const protectedPaths: readonly string[] = [
  "**/pom.xml",
  "**/*.gradle",
  "**/*.gradle.kts",
  "**/gradle.properties",
  "gradle/**",
  "buildSrc/**",
  "**/gradlew*",
  "**/mvnw*",
  "**/.mvn/**",
  "**/.gradle/**",
  "**/build.xml",
  "**/ivy.xml",
  "**/testng*.xml",
  "**/junit-platform.properties",
  "**/surefire*.properties",
  "**/META-INF/MANIFEST.MF",
  // Not at any depth: a package may have such a name.
  "target/**",
  "*/target/**",
  "*/*/target/**",
  "build/**",
  "*/build/**",
  "*/*/build/**",
  "out/**",
  "**/*.class",
  "**/*.jar",
  "**/*.war",
];

const platformPackage =
  /^(org\/(junit|testng|opentest4j|hamcrest|apache\/maven\/surefire)|junit|sun|com\/sun|jdk|javax?)\//;
const runnerService = /(^|\/)META-INF\/services\/(org\.junit|org\.testng|java|sun|jdk)[.\w]*$/;

/** Why a new file must not be added: it is loaded instead of a class of the JDK or of the test runner, or by it. */
export function shadowReason(path: string): string | null {
  if (runnerService.test(path)) return "the test runner or the JDK would load what it names";
  if (!path.endsWith(".java") || !platformPackage.test(belowSources(path))) return null;
  return "its package belongs to the JDK or to the test runner";
}

const alarm = (pattern: RegExp, meaning: string): Alarm => ({ pattern, meaning });

export const alarms: readonly Alarm[] = [
  alarm(/\bSystem\s*\.\s*exit\b/, "ends the process (System.exit)"),
  alarm(/\bRuntime\b.*\bhalt\b|\.\s*halt\s*\(/, "kills the process (Runtime.halt)"),
  alarm(/\baddShutdownHook\b/, "runs code when the process ends"),
  alarm(/\bsetAccessible\b|\bgetDeclared(Field|Method|Constructor)s?\b/, "reaches into private members"),
  alarm(/\b(org\.(junit|testng|opentest4j|hamcrest)|junit\.framework|surefire)\b/, "names the test runner"),
  alarm(/^\s*static\s*\{/, "runs code when a class is loaded"),
  alarm(/\bboolean\s+equals\s*\([^)]*\)\s*\{\s*return\s+true\b/, "is equal to everything"),
  alarm(/\bUnsafe\b|\bMethodHandles\s*\.\s*privateLookupIn\b/, "writes past the language's protection"),
  alarm(/\bServiceLoader\b/, "loads classes that files name"),
  alarm(/\bset(Default)?UncaughtExceptionHandler\b/, "swallows failures of threads"),
  alarm(/\bsetSecurityManager\b/, "decides what other code may do"),
  alarm(/\bProcessBuilder\b|\bRuntime\b.*\bexec\b/, "starts programs"),
  alarm(/\bgetStackTrace\b|\bStackWalker\b/, "looks at who calls it"),
  alarm(/\bInstrumentation\b|\bpremain\b|\bagentmain\b/, "rewrites classes"),
  alarm(/\bsurefire-reports\b|\btest-results\b|\bCOPATCHER_/, "names where test results lie"),
  alarm(/\\u+00[0-7]/, "hides a plain character in a Unicode escape, which works in comments too"),
];
