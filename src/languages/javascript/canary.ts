import type { SandboxFile } from "../../ports/sandbox.ts";
import type { Checkout } from "../../ports/workspace.ts";
import type { CanaryPlan, TestPlan } from "../language.ts";
import { projectPlan } from "./test-plan.ts";
import { findProject, type TestProject } from "./test-project.ts";
import type { RunnerName } from "./runners.ts";

/** A canary beside the first of the plan's files, named so that the runner takes it for a test, too. */
export async function planCanary(
  checkout: Checkout,
  plan: TestPlan,
  token: string,
  reporters: readonly SandboxFile[],
): Promise<CanaryPlan | null> {
  const [beside] = plan.selected;
  if (beside === undefined) return null;
  const isPlans = (each: TestProject): boolean =>
    projectPlan(each, plan.selected, reporters).script === plan.script;
  const project = await findProject(checkout, plan.selected, isPlans);
  if (project === null) return null;
  const path = siblingOf(beside, token);
  const titles = { passes: `${token} one`, fails: `${token} two` };
  const { script, report, files } = projectPlan(project, [...plan.selected, path], reporters);
  const source = Buffer.from((await checkout.read(beside)) ?? []).toString("utf8");
  const { name } = project.runner;
  return {
    script,
    report,
    files,
    module: {
      path,
      first: canaryText(name, titles, source, "1"),
      second: canaryText(name, titles, source, "2"),
    },
    mark: token,
    passes: `${idPrefix(name, path)}${titles.passes}`,
    fails: `${idPrefix(name, path)}${titles.fails}`,
  };
}

/**
 * `test/rates-spec.js` has `test/TOKEN-spec.js` beside it, `test/test-rates.js` has `test/test-TOKEN.js`, `test.js` has
 * `TOKEN.test.js`.
 */
function siblingOf(path: string, token: string): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const name = path.slice(folder.length);
  if (/^test\.\w+$/.test(name)) return `${folder}${token}.${name}`;
  const ending = /([._-](test|tests|spec|specs)|(Test|Spec)s?)?\.\w+$/.exec(name)?.[0] ?? "";
  const start = /^test[._-]/.exec(name)?.[0] ?? "";
  return `${folder}${start}${token}${ending}`;
}

type Titles = { readonly passes: string; readonly fails: string };

/**
 * Mocha and jasmine load all files into one process. The others give each file its own, so there the canary is a copy of
 * the file beside it with two more tests: it loads the same code before it judges.
 */
function canaryText(runner: RunnerName, titles: Titles, source: string, one: "1" | "2"): string {
  const [passes, fails] = [JSON.stringify(titles.passes), JSON.stringify(titles.fails)];
  const tests = (test: string, judge: string): string =>
    `${test}(${passes}, () => { ${judge.replace("#", "1")}; });\n${test}(${fails}, () => { ${judge.replace("#", one)}; });\n`;
  const load = (names: string, from: string): string =>
    /^[ \t]*(import|export)\b/m.test(source)
      ? `import ${names.replace(":", " as")} from "${from}";\n`
      : `const ${names} = require("${from}");\n`;
  switch (runner) {
    case "vitest": {
      const names = 'import { expect as copatcherExpect, test as copatcherTest } from "vitest";\n';
      return `${unchecked(source)}\n${names}${tests("copatcherTest", "copatcherExpect(1).toBe(#)")}`;
    }
    case "jest":
      return `${unchecked(source)}\n${tests("it", "expect(1).toBe(#)")}`;
    case "jasmine":
      return tests("it", "expect(1).toBe(#)");
    case "mocha":
      return `// @ts-nocheck
${load("copatcherAssert", "assert")}const copatcherTest = typeof it === "function" ? it : test;
${tests("copatcherTest", "copatcherAssert.strictEqual(1, #)")}`;
    case "node": {
      const names = load("copatcherAssert", "node:assert") + load("{ test: copatcherTest }", "node:test");
      return `${unchecked(source)}\n${names}${tests("copatcherTest", "copatcherAssert.strictEqual(1, #)")}`;
    }
  }
}

/** The text with types not checked; a first comment may set the runner's environment and stays the first. */
function unchecked(source: string): string {
  const comment = /^\s*\/\*[\s\S]*?\*\//.exec(source)?.[0] ?? "";
  return `${comment}${comment === "" ? "" : "\n"}// @ts-nocheck\n${source.slice(comment.length)}`;
}

/** See jasmine_run.cjs. */
const idPrefix = (runner: RunnerName, path: string): string => (runner === "jasmine" ? "" : `${path} > `);
