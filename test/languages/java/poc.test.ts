import { beforeAll, describe, expect, test } from "vitest";
import type { ExecutionOutcome } from "../../../src/domain/execution.ts";
import { createJava } from "../../../src/languages/java/java.ts";
import type { Language, PocRun } from "../../../src/languages/language.ts";
import { growth } from "../../fixtures/growth.ts";
import { makeWorkplace } from "../workplace.ts";
import { withoutJdk } from "./jdk.ts";

let java: Language;
beforeAll(async () => {
  java = await createJava();
});

const tree = {
  "src/main/java/shop/Rates.java": `package shop;
public class Rates {
  public static int rate(int x) { return x; }
  static int hidden() { return 1; }
  public static void leave() { System.exit(0); }
  public static void lacking() { throw new NoClassDefFoundError("org/elsewhere/Missing"); }
}
`,
  "src/main/java/shop/Fails.java":
    'package shop; public class Fails { static int x = 1 / Integer.parseInt("0"); }\n',
  "src/main/java/shop/Unused.java": "package shop; class Unused { Nonsense x; }\n",
};

const main = (body: string, head = ""): string => `${head}import shop.Rates;
public class Poc {
  public static void main(String[] args) throws Exception {
    ${body}
  }
}
`;

const plan = (source: string): PocRun => java.poc({ name: "poc", source, nonce: "the-nonce" });
const runPoc = (source: string): ExecutionOutcome => makeWorkplace(tree).run(plan(source));

describe.skipIf(withoutJdk)("a PoC (needs a JDK)", () => {
  test("is compiled with what it uses of the tree, and leaves the nonce at its end", () => {
    const outcome = runPoc(main("System.out.println(Rates.rate(2));"));

    expect(outcome).toMatchObject({ exitCode: 0, stdout: "2\n", stderr: "", report: "the-nonce" });
  });

  test("leaves the nonce when it asks to exit with 0 itself, from any of its classes", () => {
    const source = `${main("End.now();")}class End { static void now() { System.exit(0); } }\n`;

    expect(runPoc(source)).toMatchObject({ exitCode: 0, report: "the-nonce" });
  });

  test("leaves no nonce when the repository's code ends the process", () => {
    expect(runPoc(main("Rates.leave();"))).toMatchObject({ exitCode: 0, report: null });
  });

  test.each([
    ["an exit of its own", "System.exit(3);", 3],
    ["a class that it cannot initialise", 'Class.forName("shop.Fails");', 1],
  ])("says that it failed by %s", (_, body, exitCode) => {
    expect(runPoc(main(body))).toMatchObject({ exitCode, report: "the-nonce failed" });
  });

  test("fails by its assertions, with a trace of its own lines only", () => {
    const outcome = runPoc(main('assert Rates.rate(2) == 4 : "too low";'));

    expect(outcome).toMatchObject({ exitCode: 1, report: "the-nonce failed" });
    expect(outcome.kind === "exited" && outcome.stderr).toBe(
      'Exception in thread "main" java.lang.AssertionError: too low\n\tat Poc.main(Poc.java:4)\n',
    );
    expect(java.pocBroken(outcome)).toBeNull();
  });

  test("may be a test class in a package of the repository", () => {
    const annotation = "@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)";
    const source = `package shop;
${annotation} @interface Test {}
class RatesPoc {
  @Test void sees() { System.out.println(Rates.hidden()); }
}
`;

    expect(runPoc(source)).toMatchObject({ exitCode: 0, stdout: "1\n", report: "the-nonce" });
  });

  test("that does not compile shows nothing, and says what javac said", () => {
    const outcome = runPoc(main("Rates.noSuchRate();"));

    expect(java.pocBroken(outcome)).toMatch(/^the script does not compile \(Poc\.java:4: error: /);
  });

  test("shows nothing where a class is missing that belongs to nobody in the trace", () => {
    expect(java.pocBroken(runPoc(main("Rates.lacking();")))).toMatch(/org\/elsewhere\/Missing/);
  });

  test("sees the files that changed after the tree was compiled, and what copied their constants", () => {
    const place = makeWorkplace({
      "src/main/java/shop/Limit.java": "package shop; class Limit { static final int MOST = 1; }\n",
      "src/main/java/shop/Rates.java":
        "package shop; public class Rates { public static int most() { return Limit.MOST; } }\n",
    });
    const run = plan(main("System.out.println(Rates.most());"));
    const compiled = `javac -d target/classes src/main/java/shop/*.java && touch -d '2 seconds ago' .copatcher-built\n`;

    const built =
      run.build === undefined ? {} : { build: { ...run.build, script: compiled + run.build.script } };

    expect(place.run({ ...run, ...built })).toMatchObject({ stdout: "1\n" });
    place.write(
      "src/main/java/shop/Limit.java",
      "package shop; class Limit { static final int MOST = 2; }\n",
    );
    expect(place.run(run)).toMatchObject({ stdout: "2\n" });
  });
});

test("a PoC without a main method or a test is not started", () => {
  const run = plan("class Poc { void help() {} }\n");

  expect(java.pocBroken(makeWorkplace({}).run(run))).toBe("the script has no class with a main method");
});

test("a PoC's file lies where its package and its public class want it", () => {
  const source = `package a.b;\nclass Helper {}\npublic class Shown { public static void main(String... a) {} }\n`;

  expect(plan(source).files.map(({ path }) => path)).toContain("poc/a/b/Shown.java");
});

const ran = { stdout: "", stderr: "", cut: false, durationMs: 1, report: null };

test.each([
  [{ kind: "not-started", reason: "no image" } as const, true],
  [{ kind: "exited", exitCode: 127, ...ran } as const, true],
  [{ kind: "timed-out", ...ran } as const, false],
  [{ kind: "exited", exitCode: 1, ...ran } as const, false],
])("a PoC that ended as %j is broken: %s", (outcome, broken) => {
  expect(java.pocBroken(outcome) !== null).toBe(broken);
});

test("a class of the repository that is missing may be the issue itself", () => {
  const stderr = `Exception in thread "main" java.lang.ClassNotFoundException: org.shop.Plugin
	at org.shop.Loader.load(Loader.java:3)
	at Poc.main(Poc.java:4)
`;

  expect(java.pocBroken({ kind: "exited", exitCode: 1, ...ran, stderr })).toBeNull();
});

test.each([
  ["a word", "a", "copatcher: the PoC was not started: it does not compile"],
  ["names of files", "a.java:", "copatcher: the PoC was not started: it does not compile"],
  ["blank lines", "\n", 'Exception in thread "main" java.lang.NoClassDefFoundError: a/B'],
  ["frames without an end", "\tat a", 'Exception in thread "main" java.lang.NoClassDefFoundError: a/B'],
])("a script that prints %s without end is judged in linear time", (_, unit, said) => {
  const outcomeOf = (length: number): ExecutionOutcome => {
    const flood = unit.repeat(Math.ceil(length / unit.length));
    const stderr = said.startsWith("copatcher") ? `${flood}\n${said}` : `${said}\n${flood}\n.`;
    return { kind: "exited", exitCode: 1, stdout: "", stderr, report: null, cut: false, durationMs: 1 };
  };

  expect(java.pocBroken(outcomeOf(50_000))).not.toBeNull();
  expect(growth((length) => java.pocBroken(outcomeOf(length)), 50_000)).toBeLessThan(10);
});
