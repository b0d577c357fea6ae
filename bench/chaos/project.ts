import { mkdir } from "node:fs/promises";
import { openGit } from "../../src/demo/github/git.ts";
import type { Script, ScriptCall } from "../../src/simulator/script/script.ts";

const source = "calc/core.py";
const fault = "    return a - b";

const files: Readonly<Record<string, string>> = {
  "calc/__init__.py": "",
  [source]: `def add(a, b):\n    """The sum of two numbers."""\n${fault}\n`,
  "tests/__init__.py": "",
  "tests/test_core.py": [
    "import unittest",
    "",
    "from calc.core import add",
    "",
    "",
    "class TestAdd(unittest.TestCase):",
    "    def test_zero(self):",
    "        self.assertEqual(add(0, 0), 0)",
    "",
  ].join("\n"),
};

/** Makes a bare repository of a Python project with one fault and a test that does not see it. */
export async function createProject(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const git = openGit(directory);
  await git.bytes(["init", "--quiet", "--bare", "--initial-branch=main"]);
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = `commit refs/heads/main\ncommitter Maria <maria@example.org> 1700000000 +0000\n${data("calc")}`;
  const entries = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  await git.bytes(["fast-import", "--quiet"], { stdin: commit + entries.join("") });
}

/** An issue of the project; each has words of its own, so that no two runs ask a model the same. */
export const issueText = (number: number): { readonly title: string; readonly body: string } => ({
  title: `add subtracts (report ${number})`,
  body: `\`add(2, 2)\` gives 0, it should give 4. This is report ${number}.`,
});

const edit = (replacement: string): string =>
  `### ${source}\n<<<<<<< SEARCH\n${fault}\n=======\n${replacement}\n>>>>>>> REPLACE\n`;
const python = (text: string): string => `\`\`\`python\n${text}\n\`\`\`\n`;
const yes = "<reasoning>The sum is wrong.</reasoning>\n<judgement>Yes</judgement>";

/** Most samples agree; the others keep the validation busy. */
const patches = [edit("    return a + b"), edit("    return b + a"), edit("    return abs(a - b)")];

function answerTo({ stage, index }: { readonly stage: string; readonly index: number }): string | null {
  switch (stage) {
    case "localize-files":
      return source;
    case "localize-lines":
      return `${source}\nline: 3`;
    case "generate":
      return patches[index % 7 === 0 ? 2 : index % 5 === 0 ? 1 : 0] ?? null;
    case "poc-asserting":
      return python("from calc.core import add\n\nassert add(2, 2) == 4");
    case "poc-printing":
      return python("from calc.core import add\n\nprint(add(2, 2))");
    case "judge-poc":
    case "judge-fix":
      return yes;
    default:
      return null;
  }
}

/** Answers that repair the project, the same to the same question. */
export const projectScript: Script = {
  reply(call: ScriptCall) {
    const text = call.sample === null ? null : answerTo(call.sample);
    if (text === null) return null;
    return {
      answer: () => ({ text, finish: "stop" }),
      isCut: false,
      usage: null,
      faults: [],
      faultKey: `${call.sample?.stage}`,
    };
  },
  missing: () => ({ message: "this sample has no answer", status: 422 }),
};
