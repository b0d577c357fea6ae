import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { TestReport } from "../../../src/domain/execution.ts";
import type { Language, TestPlan } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { makeWorkplace, withoutGo } from "./go-workplace.ts";

let go: Language;
beforeAll(async () => {
  go = await createGo();
});

type Files = Readonly<Record<string, string>>;

const manifest = { "go.mod": "module example.com/shop\n\ngo 1.17\n" };
const rates = "package rates\n\nfunc Rate(x int) int { return 2 * x }\n";
const one = (name: string, body = "", imports = ""): string =>
  `package ${name}\n\nimport (\n\t"testing"\n${imports})\n\nfunc TestOne(t *testing.T) {${body}}\n`;

async function planOf(files: Files, command: string | null = null): Promise<TestPlan> {
  const plan = await go.planTests(memoryCheckout(files), { suspects: [], command, maxFiles: 20 });
  if (plan === null) throw new Error("no plan");
  return plan;
}

const statusesOf = (report: TestReport): Record<string, string> =>
  Object.fromEntries(report.results.map(({ id, status }) => [id, status]));

async function execute(files: Files, command: string | null = null) {
  const outcome = makeWorkplace(files).run(await planOf(files, command));
  const report = go.readTestReport(outcome);
  return { outcome, report, statuses: statusesOf(report) };
}

describe.skipIf(withoutGo)("tests run by their plan (needs go)", () => {
  test("leave one result per test and subtest, and per package that cannot be tested", async () => {
    const { outcome, report, statuses } = await execute({
      ...manifest,
      "rates/rates.go": rates,
      "rates/rates_test.go": `package rates

import (
	"fmt"
	"testing"
)

func TestOk(t *testing.T) {
	t.Run("a b", func(t *testing.T) { t.Parallel() })
	t.Run("c", func(t *testing.T) {})
}
func TestBad(t *testing.T) { t.Error("is bad") }
func TestSkipped(t *testing.T) { t.Skip("not now") }
func TestGhosts(t *testing.T) {
	fmt.Println("--- PASS: TestNobody (0.00s)")
	fmt.Println("--- FAIL: TestNobody2 (0.00s)")
	fmt.Println("{\\"Action\\":\\"pass\\",\\"Package\\":\\"p\\",\\"Test\\":\\"Forged\\"}\\nstatus 0")
}
func TestPanics(t *testing.T) { panic("x") }
func TestNeverRuns(t *testing.T) {}
`,
      "unbuilt/a_test.go": one("unbuilt", " undefinedName() "),
      "wanting/a_test.go": one("wanting", " here.X() ", '\t"example.org/not/here"\n'),
      "ending/a_test.go": one("ending", " syscall.Exit(3) ", '\t"syscall"\n'),
      "untested/a.go": "package untested\n",
      "sub/go.mod": "module example.com/sub\n\ngo 1.17\n",
      "sub/deep/a_test.go": one("deep"),
    });

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "example.com/shop/rates TestOk": "passed",
      "example.com/shop/rates TestOk/a_b": "passed",
      "example.com/shop/rates TestOk/c": "passed",
      "example.com/shop/rates TestBad": "failed",
      "example.com/shop/rates TestSkipped": "skipped",
      "example.com/shop/rates TestGhosts": "passed",
      "example.com/shop/rates TestPanics": "failed",
      "example.com/shop/unbuilt": "errored",
      "example.com/shop/wanting": "errored",
      "example.com/shop/ending TestOne": "errored",
      "example.com/sub/deep TestOne": "passed",
    });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stdout).toContain("is bad");
    expect(outcome.stderr).toContain("undefinedName");
  });

  test("have crashed when go does not know the packages, and are no tests without any", async () => {
    const files = { ...manifest, "a/a_test.go": one("a") };
    const plan = await planOf(files);

    const broken = makeWorkplace({ ...files, "go.mod": "modul x\n" }).run(plan);
    const empty = makeWorkplace({ ...files, "a/a_test.go": "package a\n" }).run(plan);

    expect(go.readTestReport(broken).crashed).not.toBeNull();
    expect(go.readTestReport(empty).crashed).not.toBeNull();
  });

  test("count for nothing when the code under test leaves the process quietly", async () => {
    const { report, statuses } = await execute({
      ...manifest,
      "a/a.go": 'package a\n\nimport "syscall"\n\nfunc Leave() { syscall.Exit(0) }\n',
      "a/a_test.go": one("a", " Leave() "),
    });

    // Before Go 1.20 the stream has no end, since then the test has none.
    expect(report.crashed === null ? statuses : {}).toEqual({});
  });

  test("are a command of the settings, whose exit status is their only result", async () => {
    const files = { ...manifest, "a/a_test.go": one("a") };

    const good = await execute(files, "go list ./...");
    const bad = await execute(files, "go list ./nowhere");

    expect(good.statuses).toEqual({ "exit status of the test command": "passed" });
    expect(bad.statuses).toEqual({ "exit status of the test command": "failed" });
  });

  test("find vendored packages, and those of the other modules of a workspace", async () => {
    const imports = '\t"example.org/dep"\n';
    const dep = "package dep\n\nfunc Dep() {}\n";
    const using = { "a/a_test.go": one("a", " dep.Dep() ", imports) };

    const vendored = await execute({
      ...using,
      // Of modules this old, go does not look for vendored packages by itself.
      "go.mod": "module example.com/shop\n\ngo 1.12\n\nrequire example.org/dep v1.0.0\n",
      "vendor/modules.txt": "# example.org/dep v1.0.0\n## explicit\nexample.org/dep\n",
      "vendor/example.org/dep/dep.go": dep,
    });
    const workspace = await execute({
      ...using,
      ...manifest,
      "go.work": "go 1.18\n\nuse (\n\t.\n\t./dep\n)\n",
      "dep/go.mod": "module example.org/dep\n\ngo 1.17\n",
      "dep/dep.go": dep,
    });

    expect(vendored.statuses).toEqual({ "example.com/shop/a TestOne": "passed" });
    expect(workspace.statuses).toEqual({ "example.com/shop/a TestOne": "passed" });
  });

  test("run twice with a canary that passes and then fails", async () => {
    const files = {
      ...manifest,
      "a/a.go": "package a\n",
      "a/a_test.go": one("a_test"),
      "b/b_test.go": one("b"),
    };
    const plan = await planOf(files);
    const canary = await go.canary(memoryCheckout(files), plan, "7f-3a");
    if (canary === null) throw new Error("no canary");

    const { path, first, second } = canary.module;
    const [before, after] = [first, second].map((text) =>
      go.readTestReport(makeWorkplace({ ...files, [path]: text }).run(canary)),
    );

    expect(canary.script).toBe(plan.script);
    expect(first).toHaveLength(second.length);
    expect(canary.passes).toContain(canary.mark);
    const own = { "example.com/shop/a TestOne": "passed", "example.com/shop/b TestOne": "passed" };
    expect(before && statusesOf(before)).toEqual({
      ...own,
      [canary.passes]: "passed",
      [canary.fails]: "passed",
    });
    expect(after && statusesOf(after)).toEqual({
      ...own,
      [canary.passes]: "passed",
      [canary.fails]: "failed",
    });
  });

  test("are forged by code that leaves before they run, which the canary shows", async () => {
    const forging = `package a

import (
	"fmt"
	"syscall"
)

func init() {
	// Since Go 1.20 the go command wants a mark before each line, which anyone can print.
	fmt.Print("=== RUN   TestOne\\n--- PASS: TestOne (0.00s)\\nPASS\\n")
	fmt.Print("\\x16=== RUN   TestOne\\n\\x16--- PASS: TestOne (0.00s)\\n\\x16PASS\\n")
	syscall.Exit(0)
}
`;
    const files = { ...manifest, "a/a.go": forging, "a/a_test.go": one("a", ' t.Error("broken") ') };
    const plan = await planOf(files);
    const canary = await go.canary(memoryCheckout(files), plan, "token");
    if (canary === null) throw new Error("no canary");

    const forged = go.readTestReport(makeWorkplace(files).run(plan));
    const { path, first } = canary.module;
    const report = go.readTestReport(makeWorkplace({ ...files, [path]: first }).run(canary));

    expect([forged.crashed, statusesOf(forged)]).toEqual([null, { "example.com/shop/a TestOne": "passed" }]);
    expect(statusesOf(report)[canary.fails]).toBeUndefined();
    expect(statusesOf(report)[canary.passes]).toBeUndefined();
  });

  test("need nothing but what the set-up left, which stays as it was", async () => {
    const tested = { ...manifest, "rates/rates.go": rates, "rates/rates_test.go": one("rates", " Rate(1) ") };
    const files = { ...tested, "unbuilt/unbuilt.go": "package unbuilt\n\nvar x = undefinedName\n" };
    const setup = await go.planSetup(memoryCheckout(files));
    if (setup === null) throw new Error("no set-up");
    const place = makeWorkplace(files);
    for (const { script } of setup.steps) {
      expect(place.run({ script, files: [], report: "none" }).exitCode).toBe(0);
    }
    const cache = (): string[] =>
      readdirSync(join(place.folder("env"), "cache"), { recursive: true }).map(String);
    const before = cache();

    const plan = await planOf(files);
    const build = place.run({ ...plan, script: "go build -v ./rates 2>&1\n" }, setup.activate);
    const report = go.readTestReport(place.run(plan, setup.activate));

    expect(before.length).toBeGreaterThan(0);
    // With -v, go names each package that it compiles.
    expect(build.stdout).toBe("");
    expect(statusesOf(report)).toEqual({ "example.com/shop/rates TestOne": "passed" });
    expect(cache()).toEqual(before);
  });
});
