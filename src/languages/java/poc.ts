import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { PocRun, PocScript } from "../language.ts";
import { firstCompileError } from "./compile-error.ts";
import { analysePoc } from "./poc-source.ts";
import { treeClasspath } from "./shell.ts";
import { pathArgument } from "../shell.ts";
import type { ParseText } from "../syntax-tree.ts";

const runner = "copatcher_poc.PocMain";
const runnerPath = "copatcher_poc/PocMain.java";
const folder = "poc";
/** As long as javac may take on a large tree that nobody compiled before. */
const buildTimeoutMs = 180_000;
/** Exit statuses that the script keeps for itself; its last line on standard error says the same. */
const notCompiled = { status: 65, line: "copatcher: the PoC was not started: it does not compile" };
const nothingToStart = { status: 66, line: "copatcher: the PoC was not started: it has no main method" };

/** `runnerText` is the text of PocMain.java. */
export function pocRun({ name, source, nonce }: PocScript, parse: ParseText, runnerText: string): PocRun {
  const poc = analysePoc(parse(source), source, `${runner}.exit`);
  const aside = (path: string, content: string) => ({ place: "aside" as const, path, content });
  const files = [aside(`${folder}/${poc.path}`, poc.text), aside(runnerPath, runnerText)];
  const built = `"$HOME"/copatcher-built-${name.replaceAll(/[^A-Za-z0-9_-]+/g, "-")}`;
  const report = "poc-end";
  if (poc.start === null) return { files, script: refusal(nothingToStart), report, input: nonce };
  const build = { script: buildScript(poc.path, built), input: "", timeoutMs: buildTimeoutMs };
  return { files, build, script: startScript(poc.start, built), report, input: nonce };
}

/** Name of the file that javac wants the source in. */
export function pocFileName(source: string, parse: ParseText): string {
  const { path } = analysePoc(parse(source), source, `${runner}.exit`);
  return path.slice(path.lastIndexOf("/") + 1);
}

const refusal = ({ status, line }: typeof nothingToStart): string => `echo '${line}' >&2\nexit ${status}\n`;

/** Compiles with what the PoC needs of the patched tree; the compiler is heard only when it fails. */
const buildScript = (path: string, built: string): string => `${treeClasspath}
classes=${built}
rm -rf "$classes"
mkdir "$classes" || exit
changed >"$classes/sources"
javac_quietly -Xmaxerrs 5 -d "$classes" \\
  -sourcepath "$sourcepath" -classpath "$classpath" "@$classes/sources" \\
  "$COPATCHER_ASIDE/${runnerPath}" "$COPATCHER_ASIDE"/${folder}/${pathArgument(path)} >"$classes/javac" 2>&1 || {
  code=$?
  cat "$classes/javac" >&2
  [ "$code" -ge 126 ] && exit "$code"
  ${refusal(notCompiled)}
}
`;

const startScript = (start: string, built: string): string => `${treeClasspath}
exec java $jvm -ea -classpath ${built}":$classpath" ${runner} '${start}' "$COPATCHER_OUT/poc-end"
`;

/** Why a failing run shows nothing about the issue: the script itself is at fault. Null when it may show something. */
export function pocFault(outcome: ExecutionOutcome): string | null {
  if (outcome.kind === "not-started") return `the script did not start: ${outcome.reason}`;
  if (outcome.kind !== "exited" || outcome.exitCode === 0) return null;
  if (outcome.exitCode === 126 || outcome.exitCode === 127) return "javac and java could not be run";
  const stderr = outcome.stderr.trimEnd();
  if (stderr.endsWith(nothingToStart.line)) return "the script has no class with a main method";
  if (stderr.endsWith(notCompiled.line)) {
    const error = firstCompileError(stderr);
    if (error === null) return "javac itself failed";
    return `the script does not compile (${error.file}:${error.line}: error: ${error.message})`;
  }
  return missingClass(stderr);
}

/** A missing class is the script's (or the environment's) fault unless it belongs to packages that the trace names. */
function missingClass(stderr: string): string | null {
  const thrown = stderr.lastIndexOf('Exception in thread "main" ');
  if (thrown === -1) return null;
  const trace = stderr.slice(thrown);
  const [, error, name = ""] =
    /^.*? java\.lang\.(NoClassDefFoundError|ClassNotFoundException): ([\w$./]+)/.exec(trace) ?? [];
  if (error === undefined) return null;
  const home = name.replaceAll("/", ".").split(".").slice(0, -1).slice(0, 3).join(".");
  const frames = [...trace.matchAll(/^[ \t]+at ([\w$.]+)\./gm)].map(([, frame = ""]) => frame);
  if (home !== "" && frames.some((frame) => frame.startsWith(`${home}.`))) return null;
  return `a class is not there (${error}: ${name})`;
}
