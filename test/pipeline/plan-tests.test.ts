import { expect, test } from "vitest";
import type { TestPlan } from "../../src/languages/language.ts";
import { planTestRuns } from "../../src/pipeline/baseline.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const project = {
  "calc/core.py": "def add(a, b):\n    return a - b\n",
  "tests/test_core.py": "from calc.core import add\n\n\ndef test_add():\n    assert add(0, 0) == 0\n",
  "tests/test_it's; $(here).py": "from calc.core import add\n\n\ndef test_it():\n    assert add(0, 0) == 0\n",
  "tests/test_far.py": "def test_far():\n    assert True\n",
};

async function runsOf(
  settings: unknown,
  files: Readonly<Record<string, string>> = project,
): Promise<{ readonly plan: TestPlan | null; readonly canary: unknown }> {
  const { context } = await makeStage({ files, settings });
  return planTestRuns(context, ["calc/core.py"]);
}

test("the settings' command runs the files near the suspects, whatever their names hold", async () => {
  const { plan } = await runsOf({ tests: { targeted: "tox -- {files} && echo done", max_files: 2 } });

  expect(plan?.command).toBe("tox -- tests/test_core.py 'tests/test_it'\\''s; $(here).py' && echo done");
  expect(plan?.script).toContain(plan?.command);
  expect(plan?.selected).toEqual(["tests/test_core.py", "tests/test_it's; $(here).py"]);
});

test("of the settings' command nobody knows how it would run a test of ours", async () => {
  expect((await runsOf({ tests: { targeted: "python3 -m pytest {files}" } })).canary).toBeNull();
  expect((await runsOf({})).canary).not.toBeNull();
});

test("the command for given files goes before the command for all", async () => {
  const { plan } = await runsOf({ tests: { targeted: "tox -- {files}", command: "make test" } });

  expect(plan?.command).toMatch(/^tox -- /);
});

test("where no test file is found the command for all tests runs, if there is one", async () => {
  const without = { "calc/core.py": project["calc/core.py"] };
  const both = await runsOf({ tests: { targeted: "tox -- {files}", command: "make test" } }, without);

  expect(both.plan?.command).toBe("make test");
  expect((await runsOf({ tests: { targeted: "tox -- {files}" } }, without)).plan).toBeNull();
});
