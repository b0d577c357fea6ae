import { beforeAll, describe, expect, test } from "vitest";
import type { Language, PocRun } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";
import { makeWorkplace, withoutGo } from "./go-workplace.ts";
import type { Workplace } from "../workplace.ts";

const tree: Readonly<Record<string, string>> = {
  "go.mod": "module example.com/shop\n\ngo 1.17\n",
  "rates/rates.go": `package rates

import (
	"os"

	"example.com/shop/rates/internal/table"
)

func Rate(x int) int { return table.Double(x) }

func Leave() { os.Exit(0) }
`,
  "rates/internal/table/table.go": "package table\n\nfunc Double(x int) int { return 2 * x }\n",
  "broken/broken.go": "package broken\n\nfunc Bad() int { return undefinedName }\n",
  "early/early.go": `package early

import (
	"io"
	"os"
)

func Rate() int { return 1 }

func init() {
	word, _ := io.ReadAll(os.Stdin)
	os.WriteFile(os.Getenv("COPATCHER_OUT")+"/poc-end", word, 0o644)
	os.Exit(0)
}
`,
  "lacking/lacking.go": 'package lacking\n\nimport "example.org/not/here"\n\nfunc X() { here.X() }\n',
};

const nonce = "c0ffee";
let go: Language;
let place: Workplace;
beforeAll(async () => {
  go = await createGo();
  place = makeWorkplace(tree);
});

const plan = (source: string): PocRun => go.poc({ name: "asserting-1/0", source, nonce });
const run = (source: string) => place.run(plan(source));

const program = (body: string, imports = '"example.com/shop/rates"'): string =>
  `package main\n\nimport (\n\t"fmt"\n\t${imports}\n)\n\nfunc main() {\n${body}\n}\n`;

describe.skipIf(withoutGo)("a PoC (needs go)", () => {
  test("imports the module's packages and leaves its nonce when main returns", () => {
    const outcome = run(program("\tfmt.Println(rates.Rate(2))"));

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "4\n", report: nonce });
  });

  test("imports internal packages from within their tree", () => {
    const source = program("\tfmt.Println(table.Double(4))", '"example.com/shop/rates/internal/table"');

    expect(run(source)).toMatchObject({ exitCode: 0, stdout: "8\n", report: nonce });
  });

  test("finds a module that is not at the top", () => {
    const inner = Object.entries(tree).map(([path, text]) => [`code/${path}`, text]);
    const outcome = makeWorkplace(Object.fromEntries(inner)).run(
      plan(program("\tfmt.Println(rates.Rate(3))")),
    );

    expect(outcome).toMatchObject({ stdout: "6\n", report: nonce });
  });

  test.each([
    ["of several without one at the top", {}],
    ["inside the one at the top", { "go.mod": "module example.com/top\n\ngo 1.17\n" }],
    ["beside examples", { "_examples/go.mod": "module example.com/shop/sdk/rates\n\ngo 1.17\n" }],
  ])("is built in the module that it imports from, %s", (_, more) => {
    const outcome = makeWorkplace({
      ...more,
      "api/go.mod": "module example.com/shop\n\ngo 1.17\n",
      "api/api.go": "package api\n",
      "sdk/go.mod": 'module "example.com/shop/sdk" // nested\n\ngo 1.17\n',
      "sdk/rates/rates.go": "package rates\n\nfunc Rate(x int) int { return 2 * x }\n",
    }).run(plan(program("\tfmt.Println(rates.Rate(2))", '"example.com/shop/sdk/rates"')));

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "4\n", report: nonce });
  });

  test("is built in the module that knows the others when it imports from several", () => {
    const outcome = makeWorkplace({
      ...tree,
      "go.mod": `${tree["go.mod"]}
require example.com/shop/sdk v0.0.0

replace example.com/shop/sdk => ./sdk
`,
      "sdk/go.mod": "module example.com/shop/sdk\n\ngo 1.17\n",
      "sdk/sdk.go": "package sdk\n\nfunc Rate(x int) int { return 3 * x }\n",
    }).run(
      plan(
        program(
          "\tfmt.Println(rates.Rate(2), sdk.Rate(2))",
          '"example.com/shop/rates"\n\t"example.com/shop/sdk"',
        ),
      ),
    );

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "4 6\n", report: nonce });
  });

  test("comes to its own end by os.Exit(0) in its own source, also under another name", () => {
    const exits = program("\tfmt.Println(rates.Rate(1))\n\tos.Exit(0)", '"example.com/shop/rates"\n\t"os"');
    const renamed = program(
      "\tfmt.Println(rates.Rate(1))\n\tsys.Exit(0)",
      '"example.com/shop/rates"\n\tsys "os"',
    );

    expect([run(exits).report, run(renamed).report]).toEqual([nonce, nonce]);
  });

  test("leaves no nonce when the repository's code ends the process, and says when it failed itself", () => {
    const left = run(program("\trates.Leave()\n\tfmt.Println()"));
    const failed = run(
      program("\tfmt.Println(rates.Rate(1))\n\tos.Exit(3)", '"example.com/shop/rates"\n\t"os"'),
    );

    expect([left.exitCode, left.report]).toEqual([0, null]);
    expect([failed.exitCode, failed.report]).toEqual([3, `${nonce} failed`]);
  });

  test.each([
    ["a panic", "\tfmt.Println()\n\tpanic(rates.Rate(1))", 2],
    ["log.Fatal of its own", '\tfmt.Println()\n\tlog.Fatalf("got %d", rates.Rate(1))', 1],
  ])("says that it failed by %s", (_, body, exitCode) => {
    const imports = body.includes("log.") ? '"example.com/shop/rates"\n\t"log"' : '"example.com/shop/rates"';
    const outcome = run(program(body, imports));

    expect(outcome).toMatchObject({ exitCode, report: `${nonce} failed` });
    expect(go.pocBroken(outcome)).toBeNull();
  });

  test("has crashed when a goroutine or a test panics, which leaves nothing", () => {
    const apart = run(program("\tgo func() { panic(rates.Rate(1)) }()\n\tfmt.Println()\n\tselect {}"));
    const tested = run(
      'package x\n\nimport "testing"\n\nfunc TestRate(t *testing.T) {\n\tvar m map[string]int\n\tm["a"] = 1\n}\n',
    );

    expect([apart.report, go.pocCrashed(apart)]).toEqual([null, true]);
    expect([tested.report, go.pocCrashed(tested)]).toEqual([null, true]);
    expect(go.pocCrashed(run(program("\trates.Leave()\n\tfmt.Println()")))).toBe(false);
  });

  test("keeps its nonce from code of the repository that runs before it", () => {
    const outcome = run(program("\tfmt.Println(early.Rate())", '"example.com/shop/early"'));

    expect(outcome.exitCode).toBe(0);
    expect(outcome.report ?? "").not.toContain(nonce);
  });

  test("is a test file, too, whatever its package", () => {
    const file = (wanted: number): string => `package rates_test

import (
	"testing"

	"example.com/shop/rates"
)

func TestRate(t *testing.T) {
	if got := rates.Rate(2); got != ${wanted} {
		t.Fatalf("got %d", got)
	}
}
`;
    const [good, bad] = [run(file(4)), run(file(5))];

    expect(good).toMatchObject({ exitCode: 0, report: nonce });
    expect(bad).toMatchObject({ exitCode: 1, report: `${nonce} failed` });
    expect(bad.stdout).toContain("got 4");
    expect(go.pocBroken(bad)).toBeNull();
  });

  test("runs although it is marked as no part of any package", () => {
    expect(run(`//go:build ignore\n\n${program("\tfmt.Println(rates.Rate(2))")}`)).toMatchObject({
      exitCode: 0,
    });
  });

  test.each([
    ["its own syntax error", program("\tfmt.Println(rates.Rate(2)"), "/poc/poc.go:9"],
    ["a variable that it does not use", program("\tx := 1\n\tfmt.Println(rates.Rate(2))"), "/poc/poc.go:9"],
    ["an import that it does not use", program("\tfmt.Println(1)"), "/poc/poc.go:5"],
    ["a package that is not there", program("\tfmt.Println(y.Z)", '"example.org/x/y"'), "/poc/poc.go:5"],
    ["a missing main function", "package main\n\nfunc other() {}\n", "copatcherPocMain"],
    ["text that is no program", "fmt.Println(1)\n", "/poc/poc.go:1"],
    [
      "a dependency that is not installed",
      program("\tlacking.X()\n\tfmt.Println()", '"example.com/shop/lacking"'),
      "not/here",
    ],
  ])("shows nothing when it fails by %s", (_, source, detail) => {
    expect(go.pocBroken(run(source))).toContain(detail);
  });

  test.each([
    ["a panic", program("\tfmt.Println(rates.Rate(1))\n\tpanic(1)"), 2],
    [
      "its exit status",
      program("\tfmt.Println(rates.Rate(1))\n\tos.Exit(1)", '"example.com/shop/rates"\n\t"os"'),
      1,
    ],
    [
      "code of the repository that does not build",
      program("\tfmt.Println(broken.Bad())", '"example.com/shop/broken"'),
      2,
    ],
  ])("may show something when it fails by %s", (_, source, exitCode) => {
    const outcome = run(source);

    expect(outcome.exitCode).toBe(exitCode);
    expect(go.pocBroken(outcome)).toBeNull();
  });

  test("prints the same traceback each time, with its own line numbers", () => {
    const source = program("\tfmt.Println(rates.Rate(1))\n\tpanic(1)");
    const [first, second] = [run(source), run(source)];

    expect(first.stderr).toContain("/poc/poc.go:10");
    expect(first.stderr.replaceAll(/0x\w+/g, "")).toBe(second.stderr.replaceAll(/0x\w+/g, ""));
  });
});

test("a PoC's files lie aside under a plain name, whatever its id", () => {
  const { files } = go.poc({ name: "../a b/$(id)", source: "package main\nfunc main() {}\n", nonce });

  expect(files.map(({ place: where, path }) => [where, path])).toEqual([
    ["aside", "-a-b-id-/poc.go"],
    ["aside", "-a-b-id-/main.go"],
  ]);
});

test("a PoC that did not start shows nothing, and one that timed out may", () => {
  const ran = { stdout: "", stderr: "", cut: false, durationMs: 1, report: null };

  expect(go.pocBroken({ kind: "not-started", reason: "no image" })).not.toBeNull();
  expect(go.pocBroken({ kind: "exited", exitCode: 127, ...ran })).toContain("go could not be run");
  expect(go.pocBroken({ kind: "timed-out", ...ran })).toBeNull();
});
