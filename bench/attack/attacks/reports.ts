import { spawnSync } from "node:child_process";
import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import type { Language } from "../../../src/languages/language.ts";
import { command, never, type Attack, type Subject } from "../attack.ts";

const reportOf = async (subject: Subject, script: string, timeoutMs = 20_000): Promise<ExecutionOutcome> => {
  const commands = [command(script, timeoutMs, "report"), command("echo alive")];
  const [outcome, next] = await subject.session.run({ label: "attack", files: [], commands }, never());
  if (outcome === undefined || next?.kind !== "exited") throw new Error("the sandbox did not go on");
  return outcome;
};

/** A report that must not come back, whatever it is; the canary is a reader that opens it by its path. */
const noReport = (
  name: string,
  tries: string,
  stoppedBy: string,
  script: string,
  naive: (folder: string) => string | null,
): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "sandbox",
  async attempt(subject) {
    const outcome = await reportOf(subject, script);
    const report = outcome.kind === "not-started" ? outcome.reason : outcome.report;
    const safe = report === null || report === "mine";
    return { contained: safe, saw: report === null ? "no report" : report.slice(0, 80) };
  },
  unprotected() {
    const folder = mkdtempSync(join(tmpdir(), "copatcher-attack-"));
    try {
      return Promise.resolve(naive(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

const readThroughLink = (make: (target: string, path: string) => void) => (folder: string) => {
  const target = join(folder, "secret");
  writeFileSync(target, "secret of the host");
  make(target, join(folder, "report"));
  return readFileSync(join(folder, "report"), "utf8") === "secret of the host"
    ? "read another file of the host"
    : null;
};

/** A text as a report of a run that ended with exit 0, to be read by the language adapters as real ones are. */
const asReport = (report: string): ExecutionOutcome => ({
  kind: "exited",
  exitCode: 0,
  stdout: "",
  stderr: "",
  cut: false,
  durationMs: 1,
  report,
});

const entities = Array.from({ length: 8 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join(
  "",
);
const laughs = `<?xml version="1.0"?><!DOCTYPE t [<!ENTITY e0 "ha">${entities}]><testsuites><testsuite><testcase classname="a" name="&e8;"/></testsuite></testsuites>`;
const external = `<?xml version="1.0"?><!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuites><testsuite><testcase classname="a" name="&x;"/></testsuite></testsuites>`;
const nested = `<testsuites>${"<testsuite>".repeat(50_000)}${"</testsuite>".repeat(50_000)}</testsuites>`;

/** A report that no language's reader may believe, expand or choke on. */
const parsed = (
  name: string,
  tries: string,
  stoppedBy: string,
  languages: readonly Language[],
  report: string,
  naive: () => string | null,
): Attack => ({
  name,
  tries,
  stoppedBy,
  on: "host",
  attempt() {
    const start = performance.now();
    const bad = languages.flatMap((language) => {
      const { results, crashed } = language.readTestReport(asReport(report));
      const long = results.some(({ id }) => id.length > 10_000 || id.includes("root:"));
      return crashed === null && long ? [language.id] : [];
    });
    const ms = performance.now() - start;
    const contained = bad.length === 0 && ms < 20_000;
    return Promise.resolve({
      contained,
      saw: `${languages.length} readers, ${Math.round(ms)} ms${bad.join()}`,
    });
  },
  unprotected: () => Promise.resolve(naive()),
});

const expandedBy = (program: string): string | null => {
  const { stdout } = spawnSync("python3", ["-c", program], { input: laughs, encoding: "utf8" });
  return Number(stdout) > 100_000 ? `expands to ${stdout.trim()} characters` : null;
};

export const reports = (languages: readonly Language[]): readonly Attack[] => [
  noReport(
    "report-is-a-symlink",
    "leaves a link to a file of the host as its report",
    "reading inside the sandbox, regular files only",
    'ln -sf /etc/passwd "$COPATCHER_OUT/report"',
    readThroughLink(symlinkSync),
  ),
  noReport(
    "report-is-a-hard-link",
    "leaves a hard link to what only the driver may read as its report",
    "file systems of their own and the user id that reads",
    'for f in /sbx/keep/o /sbx/ctl/commands/0/script /sbx/base/tree.tar /etc/shadow; do ln -f $f "$COPATCHER_OUT/report" 2>/dev/null && break; done; true',
    readThroughLink(linkSync),
  ),
  noReport(
    "report-below-a-link",
    "replaces the report folder by a link",
    "a folder that is a mount",
    'rmdir "$COPATCHER_OUT" 2>/dev/null; mv "$COPATCHER_OUT" "$COPATCHER_OUT.old" 2>/dev/null; ln -s /etc "$COPATCHER_OUT" 2>/dev/null; ln -sfn /etc/passwd "$COPATCHER_OUT/report"; true',
    (folder) => {
      writeFileSync(join(folder, "passwd"), "secret");
      symlinkSync(folder, `${folder}-link`);
      const text = readFileSync(join(`${folder}-link`, "passwd"), "utf8");
      rmSync(`${folder}-link`);
      return text === "secret" ? "followed the folder's link" : null;
    },
  ),
  noReport(
    "report-is-a-pipe",
    "leaves a named pipe as its report, at which a reader waits for ever",
    "regular files only, and a time limit",
    'mkfifo "$COPATCHER_OUT/report"',
    (folder) => {
      const { signal } = spawnSync("sh", ["-c", `mkfifo ${folder}/report; exec cat ${folder}/report`], {
        timeout: 500,
      });
      return signal === null ? null : "the reader hung";
    },
  ),
  noReport(
    "report-race",
    "swaps its report for a link, hundreds of times a second, while the host reads",
    "nothing of the command lives when the report is read",
    'ln -s /etc/passwd "$COPATCHER_OUT/l"; printf mine >"$COPATCHER_OUT/m"; printf mine >"$COPATCHER_OUT/report"; (setsid sh -c \'while :; do cp "$COPATCHER_OUT/m" "$COPATCHER_OUT/x"; mv "$COPATCHER_OUT/x" "$COPATCHER_OUT/report"; cp -P "$COPATCHER_OUT/l" "$COPATCHER_OUT/x"; mv "$COPATCHER_OUT/x" "$COPATCHER_OUT/report"; done\' >/dev/null 2>&1 &); sleep 0.3; rm -f "$COPATCHER_OUT/report"; printf mine >"$COPATCHER_OUT/report"; exit 0',
    readThroughLink(symlinkSync),
  ),
  noReport(
    "report-is-huge",
    "leaves a report of 15 MB",
    "the limit on a report's size",
    'head -c 15000000 /dev/zero >"$COPATCHER_OUT/report"',
    (folder) => {
      writeFileSync(join(folder, "report"), Buffer.alloc(15_000_000));
      return readFileSync(join(folder, "report")).length === 15_000_000 ? "the reader took 15 MB" : null;
    },
  ),
  parsed(
    "xml-bomb",
    "leaves JUnit XML whose entities expand a hundred million times",
    "a parser without entities",
    languages,
    laughs,
    () =>
      expandedBy(
        "import sys,xml.dom.minidom as m; t=sys.stdin.read().replace('&e8;','&e4;'); print(len(m.parseString(t).getElementsByTagName('testcase')[0].getAttribute('name'))*10)",
      ),
  ),
  parsed(
    "xml-external-entity",
    "leaves JUnit XML that names a file of the host",
    "a parser without entities",
    languages,
    external,
    () => {
      const program = `import sys,xml.sax
class H(xml.sax.ContentHandler):
    def characters(self, c): sys.stdout.write(c)
p=xml.sax.make_parser(); p.setFeature(xml.sax.handler.feature_external_ges, True); p.setContentHandler(H())
import io; p.parse(io.StringIO('<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><t>&x;</t>'))`;
      const { stdout } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
      return stdout.includes("root:") ? "the parser read /etc/passwd" : null;
    },
  ),
  parsed(
    "xml-nesting",
    "leaves JUnit XML nested 50,000 deep",
    "a parser that does not recurse, or gives up",
    languages,
    nested,
    () => {
      const deep = (level: number): number => (level === 0 ? 0 : 1 + deep(level - 1));
      try {
        deep(50_000);
        return null;
      } catch {
        return "a recursive reader overflows its stack";
      }
    },
  ),
  parsed(
    "zip-bomb",
    "leaves a compressed report that unpacks to 200 MB",
    "not unpacking anything",
    languages,
    gzipSync(Buffer.alloc(200 * 2 ** 20)).toString("latin1"),
    () =>
      gunzipSync(gzipSync(Buffer.alloc(50 * 2 ** 20))).length > 2 ** 20
        ? "a reader that unpacks takes 50 MB from 50 KB"
        : null,
  ),
  parsed(
    "json-bomb",
    "leaves JSON nested 100,000 deep, with keys that change every object's prototype",
    "schemas, and giving up",
    languages,
    `{"__proto__":{"polluted":true},"testResults":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    () => {
      const target: Record<string, unknown> = {};
      const merge = (into: Record<string, unknown>, from: Record<string, unknown>) => {
        for (const key of Object.keys(from)) into[key] = from[key];
        return into;
      };
      const parsedJson = JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, unknown>;
      return "polluted" in merge(target, parsedJson) ? "a careless merge changed a prototype" : null;
    },
  ),
];
