import { isNamedOrBareTest, isNamedOrCamelTest, isNamedTest, mayBeTest } from "./paths.ts";

export type RunnerName = "vitest" | "jest" | "mocha" | "jasmine" | "node";

/** One test runner: how a project shows that it uses it, and how it is called. */
export type Runner = {
  readonly name: RunnerName;
  /** Programs that start it. */
  readonly programs: readonly string[];
  /** Package that brings it; null when Node does. */
  readonly package: string | null;
  /** File that only projects with this runner have. */
  readonly configuration: RegExp;
  /** Options that are taken over from the project's own script, with whether a value follows. All others are dropped. */
  readonly options: Readonly<Record<string, boolean>>;
  readonly isTestFile: (path: string) => boolean;
};

const forNode = {
  "--require": true,
  "-r": true,
  "--import": true,
  "--loader": true,
  "--experimental-loader": true,
  "--conditions": true,
  "-C": true,
  "--experimental-vm-modules": false,
  "--experimental-strip-types": false,
  "--experimental-transform-types": false,
  "--experimental-test-module-mocks": false,
  "--enable-source-maps": false,
  "--expose-gc": false,
  "--expose_gc": false,
};

export const runners: readonly Runner[] = [
  {
    name: "vitest",
    programs: ["vitest"],
    package: "vitest",
    configuration: /^vitest\.(config|workspace|projects)\.\w+$/,
    options: {
      "--config": true,
      "-c": true,
      "--root": true,
      "-r": true,
      "--dir": true,
      "--environment": true,
      "--project": true,
      "--globals": false,
      "--mode": true,
    },
    isTestFile: isNamedTest,
  },
  {
    name: "jest",
    programs: ["jest", "react-scripts"],
    package: "jest",
    configuration: /^jest\.config\.\w+$/,
    options: {
      "--config": true,
      "-c": true,
      "--rootDir": true,
      "--env": true,
      "--testEnvironment": true,
      "--preset": true,
      "--testTimeout": true,
      "--setupFilesAfterEnv": true,
    },
    isTestFile: isNamedOrBareTest,
  },
  {
    name: "mocha",
    programs: ["mocha", "_mocha", "ts-mocha"],
    package: "mocha",
    configuration: /^\.mocharc\.\w+$/,
    options: {
      ...forNode,
      "--config": true,
      "--ui": true,
      "-u": true,
      "--timeout": true,
      "-t": true,
      "--file": true,
      "--extension": true,
      "--node-option": true,
      "-n": true,
      "--check-leaks": false,
      "--exit": false,
      "--full-trace": false,
      "--allow-uncaught": false,
      "--delay": false,
    },
    isTestFile: mayBeTest,
  },
  {
    name: "jasmine",
    programs: ["jasmine"],
    package: "jasmine",
    configuration: /^(spec\/support\/)?jasmine\.(json|mjs|js)$/,
    options: { "--config": true, "--helper": true, "--require": true },
    isTestFile: isNamedOrCamelTest,
  },
  {
    name: "node",
    programs: ["node", "tsx"],
    package: null,
    configuration: /^(?!)/,
    options: forNode,
    isTestFile: mayBeTest,
  },
];

/** Those of the script's words that are options of the runner, each a word of its own. */
export function keptOptions(runner: Runner, words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [name = ""] = word.split("=", 1);
    if (!Object.hasOwn(runner.options, name)) continue;
    kept.push(word);
    if (runner.options[name] === true && !word.includes("=")) {
      index += 1;
      kept.push(words[index] ?? "");
    }
  }
  return kept;
}
