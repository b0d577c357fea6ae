import type { Alarm } from "../language.ts";

/** Files that steer test runs or are executed by the interpreter itself: a ten-line conftest hook "solves" any issue. */
export const pythonProtectedPaths: readonly string[] = [
  "**/conftest.py",
  "**/sitecustomize.py",
  "**/usercustomize.py",
  "**/pytest.ini",
  "**/.pytest.ini",
  "**/pytest.toml",
  "**/.pytest.toml",
  "**/tox.ini",
  "**/noxfile.py",
  "**/setup.cfg",
  "**/pyproject.toml",
  "**/.coveragerc",
  "**/*.pth",
  "**/*.pyc",
  "**/*.egg-info/**",
  "**/*.dist-info/**",
];

/** What fakes of test results are made of; most uses are honest, so a person looks and nothing is refused. */
export const pythonAlarms: readonly Alarm[] = [
  { pattern: /\bos\s*\.\s*(_exit|abort|kill|exec\w+)\b|\b_exit\s*\(/, meaning: "ends the process at once" },
  {
    pattern: /\bsys\s*\.\s*exit\b|\bSystemExit\b|(?<![\w.])(exit|quit)\s*\(/,
    meaning: "asks the process to end",
  },
  { pattern: /\batexit\b/, meaning: "runs code after the tests have ended" },
  {
    pattern: /\binspect\b|\bsys\s*\.\s*_getframe\b|\b_current_frames\b|\bsettrace\b|\bsetprofile\b/,
    meaning: "looks at the code that calls it, so it can behave differently in a test",
  },
  { pattern: /\bgc\s*\.\s*get_\w+/, meaning: "reaches objects of the test runner" },
  {
    pattern: /\bsys\s*\.\s*(modules|meta_path|path_hooks|argv|path)\b|\bimport_module\b|__import__/,
    meaning: "changes or inspects which modules are loaded",
  },
  {
    pattern: /\bdef\s+__(eq|ne|bool|instancecheck|subclasscheck)__\b|__eq__\s*=/,
    meaning: "decides what a comparison says: an object that equals everything passes any assertion",
  },
  {
    pattern: /\bPYTEST_\w*|\b_?pytest\b|\bunittest\b|\bpluggy\b|\bjunit\w*\b|\bCOPATCHER_\w*/i,
    meaning: "names the test runner",
  },
  {
    pattern: /\bbuiltins\b|__builtins__|\bsetattr\s*\(|\b__(code|globals|dict|class)__\b/,
    meaning: "can replace code at run time",
  },
  { pattern: /(?<![\w.])(eval|exec|compile)\s*\(/, meaning: "runs code that is not in the patch" },
  { pattern: /\bctypes\b|\bcffi\b/, meaning: "reaches the interpreter's memory" },
  {
    pattern: /\bsubprocess\b|\bos\s*\.\s*(system|popen|fork|spawn\w+)\b|\bmultiprocessing\b/,
    meaning: "starts other programs",
  },
  {
    pattern: /\bsocket\b|\burllib\b|\brequests\b|\bhttp\s*\.\s*client\b|\bhttpx\b|\baiohttp\b/,
    meaning: "uses the network",
  },
];
