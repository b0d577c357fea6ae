// Writes a replies file for one case of the evaluation material (see its README):
//   node .ci/case-replies.mjs CASE.json POC-REPLIES.json GITDIR [JUDGES.json] > REPLIES.json
// It reads `problem_statement`-side data only: the pool's patches, their sources and the base commit. The case's true
// fix, its tests and the pool's labels are dropped before anything else looks at the case.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { applyPatch, parsePatch, structuredPatch } from "diff";

const [caseFile, pocFile, gitDirectory, judgesFile] = process.argv.slice(2);
if (gitDirectory === undefined) {
  console.error("usage: case-replies.mjs CASE.json POC-REPLIES.json GITDIR [JUDGES.json]");
  process.exit(2);
}
const json = (file) => JSON.parse(readFileSync(file, "utf8"));
const { case_id: caseId, base_commit: base, pool: labelled } = json(caseFile);
const pool = labelled.map(({ id, patch, sources }) => ({ id, patch, sources }));
const pocs = json(pocFile);

const git = (...args) =>
  execFileSync("git", ["-c", "safe.directory=*", "-C", gitDirectory, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
const tree = git("ls-tree", "-r", "--name-only", base).split("\n").filter(Boolean);
const inTree = new Set(tree);
const texts = new Map();
const read = (path) => {
  if (!texts.has(path)) texts.set(path, inTree.has(path) ? git("show", `${base}:${path}`) : null);
  return texts.get(path);
};
/** The same order on every machine, unrelated to how the pool is sorted. */
const rank = (key) => createHash("sha256").update(`${caseId} ${key}`).digest("hex");
const byRank = (key) => (a, b) => (rank(key(a)) < rank(key(b)) ? -1 : 1);

/** A run leaves its patch in several files (trajectory, predictions, log): those are one sample. */
function runOf(source) {
  const [place, submission] = source.split("#");
  const [repository, path = ""] = place.replace(/@[0-9a-f]+$/, "").split(":");
  if (submission !== undefined) return `${repository}#${submission}`;
  return `${repository}:${/(?:results|output_|run[-_])(\d+)/.exec(path)?.[1] ?? ""}`;
}

const nameOf = (name) => (name === "/dev/null" ? null : (name ?? "").replace(/^[ab]\//, ""));

/** Some tools store context lines that are empty without their leading blank. */
const repaired = (patch) => patch.replace(/\n(?=\n)/g, "\n ");

function parsed(patch) {
  try {
    return parsePatch(patch);
  } catch {
    return parsePatch(repaired(patch.trimEnd()) + "\n");
  }
}

/** Files before and after, or a reason why the patch cannot be told as edits. */
function changesOf(patch) {
  const files = parsed(patch).filter((file) => file.hunks.length > 0 || file.oldFileName !== undefined);
  if (files.length === 0) throw new Error("holds no diff");
  return files.map((file) => {
    const path = nameOf(file.newFileName);
    if (path === null) throw new Error("deletes a file");
    if (file.hunks.length === 0) throw new Error("changes no text");
    const before = nameOf(file.oldFileName) === null ? null : read(path);
    const after = applyPatch(before ?? "", file, { fuzzFactor: 0 });
    if (after === false) throw new Error("does not apply to the base commit");
    if (/^(?:<{5,}|={5,}|>{5,})/m.test(after))
      throw new Error("touches a file with lines like the edit marks");
    return { path, before, after };
  });
}

const countOf = (text, part) => text.split(`\n${part}\n`).length - 1;

/** One edit per hunk, each widened until its SEARCH text occurs once in what the edits before it left. */
function editsOf({ path, before, after }) {
  if (before === null) return [{ path, search: "", replace: after.replace(/\n$/, "") }];
  for (const context of [3, 6, 12, 24]) {
    const { hunks } = structuredPatch(path, path, before, after, "", "", { context });
    let current = before;
    const edits = [];
    for (const { lines } of hunks) {
      const side = (mark) =>
        lines
          .filter((line) => line[0] === " " || line[0] === mark)
          .map((line) => line.slice(1))
          .join("\n");
      const [search, replace] = [side("-"), side("+")];
      if (countOf(`\n${current}\n`, search) !== 1) break;
      current = `\n${current}\n`.replace(`\n${search}\n`, () => `\n${replace}\n`).slice(1, -1);
      edits.push({ path, search, replace });
    }
    if (edits.length === hunks.length && current === after) return edits;
  }
  throw new Error("has no unique SEARCH text");
}

function answerOf(edits) {
  const paths = [...new Set(edits.map((edit) => edit.path))];
  const marks = ({ search, replace }) =>
    ["<<<<<<< SEARCH", ...(search === "" ? [] : [search]), "=======", replace, ">>>>>>> REPLACE"].join("\n");
  const block = (path) =>
    [
      `<<< MODIFIED FILE: ${path} >>>`,
      "```python",
      ...edits.filter((edit) => edit.path === path).map(marks),
      "```",
      "<<< END MODIFIED FILE >>>",
    ].join("\n");
  return `${paths.map(block).join("\n\n")}\n`;
}

const converted = [];
const skipped = [];
for (const { id, patch, sources } of pool) {
  try {
    const changes = changesOf(patch);
    const runs = [...new Set(sources.map(runOf))];
    converted.push({ id, changes, runs, text: answerOf(changes.flatMap(editsOf)) });
  } catch (error) {
    skipped.push(`${id} ${error.message}`);
  }
}
const samples = converted
  .flatMap((patch) => patch.runs.map((run) => ({ ...patch, run })))
  .sort(byRank(({ id, run }) => `${id} ${run}`));

// Localization in the models' style: what the pool's authors went for, and in each answer something beside the point.
const isSource = (path) => path.endsWith(".py") && inTree.has(path) && !/(^|\/)tests?\//.test(path);
const localizers = Array.from({ length: 5 }, (_, index) => samples.filter((_, at) => at % 5 === index));

function suspectsOf(group, index) {
  const votes = new Map();
  for (const { changes } of group.length > 0 ? group : samples) {
    for (const { path } of changes.filter((change) => isSource(change.path))) {
      votes.set(path, (votes.get(path) ?? 0) + 1);
    }
  }
  const named = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([path]) => path);
  const beside = tree
    .filter((path) => isSource(path) && !votes.has(path) && dirname(path) === dirname(named[0] ?? ""))
    .sort(byRank((path) => `${index} ${path}`));
  return [...named.slice(0, 3), ...beside.slice(0, 1 + (index % 2))];
}

/** Classes and functions around a line, outermost first, by indentation. */
function scopeOf(lines, line) {
  const scope = [];
  let indent = Infinity;
  for (const text of lines.slice(0, line).toReversed()) {
    if (text.trim() === "") continue;
    const match = /^ *(class|(?:async )?def) (\w+)/.exec(text);
    const depth = text.search(/\S/);
    if (match && (depth < indent || scope.length === 0)) scope.unshift({ kind: match[1], name: match[2] });
    if (match || indent === Infinity) indent = Math.min(indent, depth);
    if (indent === 0) break;
  }
  return scope;
}

function placeOf(path, line) {
  const scope = scopeOf(read(path).split("\n"), line);
  const name = scope.map((part) => part.name).join(".");
  if (scope.length === 0) return `${path}\nline: ${line}`;
  return `${path}\n${scope.at(-1).kind === "class" ? "class" : "function"}: ${name}\nline: ${line}`;
}

function placesOf(group, files, index) {
  const places = new Set();
  for (const { changes } of (group.length > 0 ? group : samples).slice(0, 3)) {
    for (const { path, before, after } of changes) {
      if (before === null || !isSource(path)) continue;
      const { hunks } = structuredPatch(path, path, before, after, "", "", { context: 0 });
      for (const hunk of hunks.slice(0, 3)) places.add(placeOf(path, Math.max(1, hunk.oldStart)));
    }
  }
  const beside = files.at(-1);
  if (index % 2 === 1 && beside !== undefined) {
    const definitions = read(beside)
      .split("\n")
      .flatMap((line, at) => (/^ *(?:async )?def /.test(line) ? [at + 1] : []))
      .sort(byRank((line) => `${index} ${line}`));
    if (definitions[0] !== undefined) places.add(placeOf(beside, definitions[0]));
  }
  return [...places];
}

const fenced = (text) => [{ text: `\`\`\`\n${text}\n\`\`\`\n` }];
const files = localizers.map(suspectsOf);
const attempts = (chains) => chains.map(({ attempts }) => attempts.map((text) => ({ text })));
const escaped = (text) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
/** Prompts show outputs as they are or as JSON strings: a rule with line ends is written in both ways. */
const bothWays = ({ when, reply }) => [
  { when, reply },
  ...(when.some((part) => part.includes("\n")) ? [{ when: when.map(escaped), reply }] : []),
];
const judges = Object.fromEntries(
  Object.entries(judgesFile === undefined ? {} : json(judgesFile)).map(([stage, rules]) => [
    stage,
    rules.flatMap(bothWays),
  ]),
);

const distinct = converted.length;
const origin = [
  `Case ${caseId}.`,
  `generate: ${samples.length} samples from ${distinct} patches that real models wrote for this issue (public evaluation runs; the runs of each patch count as its samples), told as SEARCH/REPLACE edits by a script; no reasoning was recorded.`,
  skipped.length === 0
    ? "No patch was left out."
    : `${skipped.length} patches were left out: ${skipped.join("; ")}.`,
  "localize-*: derived by a script from the files and lines that those patches touch, with wrong ones added; not written by a model.",
  `poc-*: ${pocs.origin}.`,
  "judge-*: rules written by hand from the issue, the scripts and what they print; output that no rule knows is not judged.",
  "None of it was sampled from the Co-PatcheR models; the true fix, its tests and the patches' labels were not used.",
].join(" ");

console.log(
  JSON.stringify(
    {
      origin,
      replies: {
        "localize-files": files.map((paths) => fenced(paths.join("\n"))),
        "localize-lines": localizers.map((group, index) =>
          fenced(placesOf(group, files[index], index).join("\n\n")),
        ),
        generate: samples.map(({ text }) => [{ text }]),
        "poc-asserting": attempts(pocs["val-assert"]),
        "poc-printing": attempts(pocs["val-no-assert"]),
      },
      judges,
    },
    null,
    1,
  ),
);
