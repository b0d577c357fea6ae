import { describe, expect, onTestFinished, test } from "vitest";
import type { RepairResult } from "../../src/domain/evidence.ts";
import { createGo } from "../../src/languages/go/go.ts";
import { createJava } from "../../src/languages/java/java.ts";
import type { Language } from "../../src/languages/language.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { summarise } from "../../src/report/summary.ts";
import { makeSandbox, unusable } from "../adapters/bubblewrap/usable.ts";
import { never, treeOf } from "../contracts/sandbox-subject.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { withoutGo } from "../languages/go/go-workplace.ts";
import { withoutJunit4 } from "../languages/java/jdk.ts";

type Project = {
  readonly files: Readonly<Record<string, string>>;
  readonly faulty: string;
  readonly line: { readonly number: number; readonly wrong: string; readonly right: string };
  /** Another edit of the line, which breaks the project's test. */
  readonly worse: string;
  readonly fence: string;
  /** Shows the issue by its exit status. */
  readonly script: string;
  /** A script that ends the process itself, whatever the library does. */
  readonly leaving: string;
};

const goProject: Project = {
  files: {
    "go.mod": "module example.com/shop\n\ngo 1.17\n",
    "rates/rates.go":
      "package rates\n\n// Rate is four per pound.\nfunc Rate(pounds int) int {\n\treturn pounds * 5\n}\n",
    "rates/rates_test.go":
      'package rates\n\nimport "testing"\n\nfunc TestZero(t *testing.T) {\n\tif Rate(0) != 0 {\n\t\tt.Fatal("not free")\n\t}\n}\n',
  },
  faulty: "rates/rates.go",
  line: { number: 5, wrong: "\treturn pounds * 5", right: "\treturn pounds * 4" },
  worse: "\treturn pounds*0 + 8",
  fence: "go",
  script:
    'package main\n\nimport (\n\t"log"\n\n\t"example.com/shop/rates"\n)\n\nfunc main() {\n\tif got := rates.Rate(2); got != 8 {\n\t\tlog.Fatalf("got %d", got)\n\t}\n}',
  leaving:
    'package main\n\nimport (\n\t"syscall"\n\n\t"example.com/shop/rates"\n)\n\nfunc main() {\n\tif rates.Rate(2) != 8 {\n\t\tsyscall.Exit(1)\n\t}\n\tsyscall.Exit(0)\n}',
};

const javaProject: Project = {
  files: {
    "src/shop/Rates.java":
      "package shop;\n\n/** Four per pound. */\npublic class Rates {\n  public static int rate(int pounds) {\n    return pounds * 5;\n  }\n}\n",
    "test/shop/RatesTest.java":
      "package shop;\n\nimport static org.junit.Assert.assertEquals;\n\nimport org.junit.Test;\n\npublic class RatesTest {\n  @Test\n  public void zeroIsFree() {\n    assertEquals(0, Rates.rate(0));\n  }\n}\n",
  },
  faulty: "src/shop/Rates.java",
  line: { number: 6, wrong: "    return pounds * 5;", right: "    return pounds * 4;" },
  worse: "    return pounds * 0 + 8;",
  fence: "java",
  script:
    'import shop.Rates;\n\npublic class Poc {\n  public static void main(String[] args) {\n    if (Rates.rate(2) != 8) throw new AssertionError("got " + Rates.rate(2));\n  }\n}',
  leaving:
    "import shop.Rates;\n\npublic class Poc {\n  public static void main(String[] args) {\n    Runtime.getRuntime().halt(Rates.rate(2) == 8 ? 0 : 1);\n  }\n}",
};

const limits = { memoryMb: 3_000, processes: 512, outputBytes: 200_000, treeMb: 200 };

/** An issue of the project from recorded answers to the verdict, in a real sandbox. */
async function run(language: Language, project: Project): Promise<{ result: RepairResult; asked: string[] }> {
  const { files, faulty, line, worse, fence, script, leaving } = project;
  const session = await makeSandbox(2).open(
    { label: "whole", environment: null, warmUp: language.warmUp, tree: treeOf({ files }), limits },
    never(),
  );
  onTestFinished(() => session.close());
  const fenced = (source: string): string => `\`\`\`${fence}\n${source}\n\`\`\`\n`;
  const { context, asked } = await makeStage({
    files,
    session,
    problem: "rate is wrong\n\n`rate(2)` is 10 and should be 8.",
    replies: {
      origin: "written for a test",
      replies: {
        "localize-files": [once(faulty)],
        "localize-lines": [once(`${faulty}\nline: ${line.number}`)],
        generate: [
          once(editAnswer(faulty, line.wrong, worse)),
          once(editAnswer(faulty, line.wrong, worse)),
          once(editAnswer(faulty, line.wrong, line.right)),
        ],
        "poc-asserting": [[...once(fenced(leaving)), ...once(fenced(script))]],
      },
    },
  });
  const result = await repair({ ...context, language });
  return { result, asked: asked.map(({ messages }) => messages.at(-1)?.content ?? "") };
}

async function outcomeOf(language: Language, project: Project) {
  const { result, asked } = await run(language, project);
  const { baseline } = result.evidence;
  return { ...summarise(result, 1), baseline, asked: asked.join("\n") };
}

const validated = ({ line }: Project) => ({
  verdict: "validated",
  patch: expect.stringContaining(`+${line.right}`),
  baseline: { kind: "ran", withoutCanary: null, exitStatusCounts: true },
  pocs: { reproduced: [{ attempts: 2, result: "fixed", judgedBy: "rule" }], passed: 1 },
  regressions: [],
  testDoubts: [],
  classes: [{ verdict: "selected" }, { verdict: "breaks-tests", votes: 2 }],
});

/** What the model of the first script, which ends the process itself, is told. */
const ownEnd = "the script did not come to its own end";

const timeout = 300_000;

describe.skipIf(unusable || withoutGo)("an issue of a Go project (needs bubblewrap and go)", () => {
  test(
    "goes from samples to a validated patch",
    async () => {
      const { asked, ...outcome } = await outcomeOf(await createGo(), goProject);

      expect(outcome).toMatchObject(validated(goProject));
      expect(asked).toContain(ownEnd);
      expect(asked).not.toMatch(/python/i);
    },
    timeout,
  );
});

describe.skipIf(unusable || withoutJunit4)(
  "an issue of a Java project (needs bubblewrap, a JDK and Debian's junit4)",
  () => {
    test(
      "goes from samples to a validated patch",
      async () => {
        const { asked, ...outcome } = await outcomeOf(await createJava(), javaProject);

        expect(outcome).toMatchObject(validated(javaProject));
        expect(asked).toContain(ownEnd);
        expect(asked).not.toMatch(/python/i);
      },
      timeout,
    );
  },
);
