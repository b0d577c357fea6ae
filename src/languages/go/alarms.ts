import type { Alarm } from "../language.ts";

/** What Go code can do to the process that tests it; each has its honest uses, so a reviewer decides. */
export const goAlarms: readonly Alarm[] = [
  {
    pattern: /\bos\.Exit\b|\bsyscall\.(Exit|Kill|Exec)\b|\blog\.Fatal/,
    meaning: "ends the process, and the tests with it",
  },
  { pattern: /\bruntime\.Goexit\b/, meaning: "ends the goroutine of the test without a failure" },
  { pattern: /^\s*func\s+init\s*\(\s*\)/, meaning: "runs before the tests" },
  { pattern: /\brecover\s*\(\s*\)/, meaning: "swallows panics" },
  { pattern: /"unsafe"|\bunsafe\.|\/\/go:linkname/, meaning: "reaches into other packages' memory or names" },
  { pattern: /"reflect"/, meaning: "changes values without naming them" },
  { pattern: /"testing(\/\w+)?"|\btesting\./, meaning: "uses the test library outside of tests" },
  {
    pattern: /\bos\.Args\b|\bflag\.(Lookup|Set|CommandLine|VisitAll)\b|["`]-?test\.\w/,
    meaning: "looks at or changes how the test binary was started",
  },
  { pattern: /\bos\.Executable\b|["`]\/proc\b/, meaning: "reads its own program, or other processes" },
  { pattern: /\bruntime\.(Callers?|FuncForPC|Stack)\b/, meaning: "asks who calls it" },
  {
    pattern: /"(syscall|os\/exec|os\/signal|plugin|golang\.org\/x\/sys\/\w+)"/,
    meaning: "talks to the system",
  },
  { pattern: /^\s*\/\/\s*(go:build|\+build)/, meaning: "decides when the file is built at all" },
  {
    pattern: /^\s*\/\/(go:embed|go:generate|go:cgo_|export |line )|^\s*import "C"/,
    meaning: "instructs the compiler",
  },
  {
    pattern: /--- (PASS|FAIL|SKIP)|=== (RUN|PAUSE|CONT)|COPATCHER/,
    meaning: "names what the test runner reads",
  },
];
