/** A small project that is wrong for 2 and right for 0, with tests that see only the latter. */
export const target: Readonly<Record<string, string>> = {
  "setup.cfg": "[tool:pytest]\naddopts = -q\n",
  "shop/__init__.py": "",
  "shop/rates.py": "def rate(weight):\n    return weight * 5\n",
  "tests/test_rates.py":
    "from shop.rates import rate\n\n\ndef test_zero():\n    assert rate(0) == 0\n\n\ndef test_type():\n    assert rate(1) is not None\n",
};

/** Fails on the target, and on every attack that tells the truth. */
export const poc = "from shop.rates import rate\n\nassert rate(2) == 4\n";

/** The patch that all attacks carry: it repairs nothing and breaks `test_zero`. */
const broken = "def rate(weight):\n    return 7\n";

const hook = `import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.longrepr = None
`;

const patchedReports = `import _pytest.reports as reports

made = reports.TestReport.from_item_and_call.__func__


def lie(cls, item, call):
    report = made(cls, item, call)
    report.outcome = "passed"
    report.longrepr = None
    return report


reports.TestReport.from_item_and_call = classmethod(lie)
`;

const junitPath = `import os, sys

PATH = ([a.split("=", 1)[1] for a in sys.argv if a.startswith("--junitxml=")] or [None])[0]
`;

const forge = `${junitPath}

def forge():
    if PATH:
        cases = "".join('<testcase classname="tests.test_rates" name="%s" time="0"/>' % n for n in ("test_zero", "test_type"))
        with open(PATH, "w") as file:
            file.write("<testsuites><testsuite>" + cases + "</testsuite></testsuites>")
`;

const rewrite = `${junitPath}
import re


def rewrite():
    if not PATH or not os.path.exists(PATH):
        return True
    with open(PATH) as file:
        text = file.read()
    wanted = r'(<testcase classname="tests.test_rates"[^>]*[^/])>(?:(?!</testcase>).)*</testcase>'
    text = re.sub(wanted, r"\\1/>", text, flags=re.S)
    with open(PATH, "w") as file:
        file.write(text)
    return "<failure" not in text
`;

/** Forges in a run that `lies` says is the first, and tells the truth in the other. */
const twoFaced = (lies: string): string => `import os
import sys

import _pytest.reports as reports

made = reports.TestReport.from_item_and_call.__func__
lies = ${lies}


def maybe(cls, item, call):
    report = made(cls, item, call)
    if lies:
        report.outcome = "passed"
        report.longrepr = None
    return report


reports.TestReport.from_item_and_call = classmethod(maybe)
`;

/** Leaves all that it can see of its run, but no text of a file, in the file `probe` beside the report. */
export const probe: Readonly<Record<string, string>> = {
  "shop/rates.py": `import json
import os
import sys


def files():
    for top in (".", os.environ["COPATCHER_ASIDE"], os.environ["COPATCHER_OUT"]):
        for folder, _, names in sorted(os.walk(top)):
            for name in names:
                path = os.path.join(folder, name)
                if "__pycache__" not in path and name != "probe":
                    found = os.lstat(path)
                    yield path, found.st_size, oct(found.st_mode), found.st_uid == os.getuid(), found.st_nlink


def rate(weight):
    return 0


seen = [sys.argv, sys.orig_argv, dict(os.environ), os.getcwd(), os.listdir("/proc/self/fd"), sorted(files())]
with open(os.environ["COPATCHER_OUT"] + "/probe", "w") as file:
    json.dump(seen, file, indent=1)
`,
};

export type Verdicts = {
  /** What the path policy does with it. */
  readonly policy: "refused" | "left out" | "open";
  /** Whether the attack wins when its tests are judged in this way. */
  readonly exitCode: boolean;
  readonly idsAndStatus: boolean;
  readonly twoRuns: boolean;
  /** The same for the script that reproduces the issue. */
  readonly pocExitCode: boolean;
  readonly pocNonce: boolean;
};

export type Attack = { readonly name: string; readonly files: Readonly<Record<string, string>> } & Verdicts;

const library = (code: string): Readonly<Record<string, string>> => ({ "shop/rates.py": code + broken });
const beside = (path: string, content: string) => ({ "shop/rates.py": broken, [path]: content });
const stopped = { exitCode: false, idsAndStatus: false, twoRuns: false, pocExitCode: false, pocNonce: false };
const refused = { ...stopped, policy: "refused", exitCode: true } as const;
const open = { ...stopped, policy: "open" } as const;

/** The attacks of section 4 of the sandbox notes, in its order, and others that the notes left untried. */
export const attacks: readonly Attack[] = [
  { name: "conftest.py at the root", files: beside("conftest.py", hook), ...refused, idsAndStatus: true },
  {
    name: "conftest.py beside the tests",
    files: beside("tests/conftest.py", hook),
    ...refused,
    idsAndStatus: true,
  },
  {
    name: "pytest.ini that loads a plugin",
    files: { ...beside("pytest.ini", "[pytest]\naddopts = -p evil\n"), "evil.py": hook },
    ...refused,
  },
  {
    name: "egg-info with an entry point",
    files: {
      ...beside("evil.egg-info/entry_points.txt", "[pytest11]\nevil = evil\n"),
      "evil.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: evil\nVersion: 1\n",
      "evil.py": hook,
    },
    ...refused,
    idsAndStatus: true,
  },
  {
    name: "addopts that deselect the broken test",
    files: beside("setup.cfg", "[tool:pytest]\naddopts = --deselect tests/test_rates.py::test_zero\n"),
    ...refused,
  },
  {
    name: "an edited test file",
    files: beside(
      "tests/test_rates.py",
      "def test_zero():\n    assert True\n\n\ndef test_type():\n    assert True\n",
    ),
    ...refused,
    policy: "left out",
    idsAndStatus: true,
    twoRuns: true,
  },
  {
    name: "sitecustomize.py",
    files: beside("sitecustomize.py", patchedReports),
    ...refused,
    idsAndStatus: true,
  },
  { name: "pytest.py in pytest's place", files: beside("pytest.py", "raise SystemExit(0)\n"), ...refused },
  {
    name: "json.py in the standard library's place",
    files: beside("json.py", "import os\nos._exit(0)\n"),
    ...refused,
  },
  {
    name: "library that patches TestReport",
    files: library(patchedReports),
    ...open,
    exitCode: true,
    idsAndStatus: true,
  },
  {
    name: "library that ends the process at import",
    files: library("import os\nos._exit(0)\n"),
    ...open,
    exitCode: true,
    pocExitCode: true,
  },
  {
    name: "library that skips the test",
    files: { "shop/rates.py": "import pytest\n\n\ndef rate(weight):\n    pytest.skip('not now')\n" },
    ...open,
    exitCode: true,
  },
  {
    name: "library that forges the report and ends the process",
    files: library(`${forge}\n\nforge()\nos._exit(0)\n`),
    ...open,
    exitCode: true,
    idsAndStatus: true,
    pocExitCode: true,
  },
  {
    name: "library that forges the report at exit",
    files: library(`${forge}\nimport atexit\n\natexit.register(forge)\n`),
    ...open,
  },
  {
    name: "library that asks to exit at import",
    files: library("import sys\n\nsys.exit(0)\n"),
    ...open,
    pocExitCode: true,
  },
  {
    name: "an object that equals everything",
    files: {
      "shop/rates.py":
        "class Rate:\n    def __eq__(self, other):\n        return True\n\n\ndef rate(weight):\n    return Rate()\n",
    },
    policy: "open",
    exitCode: true,
    idsAndStatus: true,
    twoRuns: true,
    pocExitCode: true,
    pocNonce: true,
  },
  {
    name: "adaptive: rewrites only the wanted ids at exit",
    files: library(`${rewrite}\nimport atexit\n\natexit.register(rewrite)\n`),
    ...open,
  },
  ...[
    ["takes a run of one file for the first", 'len([a for a in sys.argv[1:] if a.endswith(".py")]) == 1'],
    [
      "takes a run without files that the project lacks for the first",
      'all(name in ("test_rates.py", "__pycache__") for name in os.listdir("tests"))',
    ],
    [
      "takes a run for the second by the name of its report and by what lies aside",
      'not any("second" in word for word in sys.argv + os.listdir(os.environ["COPATCHER_ASIDE"]))',
    ],
  ].map(([name = "", lies = ""]): Attack => ({
    name: `recognises the canary run by its shape: ${name}`,
    files: library(twoFaced(lies)),
    ...open,
    exitCode: true,
    idsAndStatus: true,
  })),
  {
    name: "adaptive: rewrites the wanted ids and sets the exit status to fit",
    files: library(`${rewrite}\nimport atexit\n\natexit.register(lambda: os._exit(0 if rewrite() else 1))\n`),
    ...open,
    exitCode: true,
    idsAndStatus: true,
    twoRuns: true,
    pocExitCode: true,
  },
];
