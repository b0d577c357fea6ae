/** A runner as one of the package's scripts starts it. */
export type ScriptCall = {
  /** Name of the program: `jest`, `vitest`, `node`. */
  readonly program: string;
  /** `NAME=value` words before it. */
  readonly variables: readonly string[];
  /** All that follows the program. */
  readonly words: readonly string[];
};

type Scripts = Readonly<Record<string, string>>;

/** What a script runs in the end, other scripts that it calls included, in their order. */
export function callsOf(scripts: Scripts, name: string, seen: ReadonlySet<string> = new Set()): ScriptCall[] {
  const text = Object.hasOwn(scripts, name) ? scripts[name] : undefined;
  if (text === undefined || seen.has(name)) return [];
  return commandsOf(text).flatMap((part) => {
    const call = parseCall(part);
    if (call === null) return [];
    const called = calledScripts(call, scripts);
    if (called.length === 0) return [call];
    const path = new Set([...seen, name]);
    return called
      .flatMap((script) => callsOf(scripts, script, path))
      .map((inner) => ({ ...inner, variables: [...call.variables, ...inner.variables] }));
  });
}

const commandsOf = (text: string): string[] =>
  [...text.matchAll(/(?:[^;&|\n"']|"[^"]*"|'[^']*')+/g)].map(([part]) => part);

/** Programs that run the program after them. */
const launchers = [
  "cross-env",
  "cross-env-shell",
  "npx",
  "c8",
  "nyc",
  "dotenv",
  "env",
  "exec",
  "time",
  "bunx",
];

function parseCall(part: string): ScriptCall | null {
  const words = [...part.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/["']/g, ""),
  );
  const variables: string[] = [];
  let launched = false;
  for (const [index, word] of words.entries()) {
    if (/^[A-Za-z_]\w*=/.test(word)) variables.push(word);
    else if (launchers.includes(word)) launched = true;
    else if (launched && word.startsWith("-")) continue;
    else {
      return unwrapped({ program: programOf(word), variables, words: words.slice(index + 1) });
    }
  }
  return null;
}

const programOf = (word: string): string => word.replace(/^.*\//, "").replace(/\.[cm]?js$/, "");

/** `node --flag node_modules/.bin/jest a` calls jest with `NODE_OPTIONS=--flag`. */
function unwrapped(call: ScriptCall): ScriptCall {
  const at = call.words.findIndex((word) => /^(jest|vitest|_?mocha|jasmine)$/.test(programOf(word)));
  if (call.program !== "node" || at === -1 || !call.words[at]?.includes("/")) return call;
  const flags = call.words.slice(0, at).join(" ");
  return {
    program: programOf(call.words[at] ?? ""),
    variables: flags === "" ? call.variables : [...call.variables, `NODE_OPTIONS=${flags}`],
    words: call.words.slice(at + 1),
  };
}

function calledScripts({ program, words }: ScriptCall, scripts: Scripts): string[] {
  const known = (name: string): string[] =>
    name.endsWith("*")
      ? Object.keys(scripts).filter((script) => script.startsWith(name.slice(0, -1)))
      : Object.hasOwn(scripts, name)
        ? [name]
        : [];
  if (["npm-run-all", "run-s", "run-p"].includes(program)) return words.flatMap(known);
  if (!["npm", "yarn", "pnpm", "bun"].includes(program)) return [];
  const [first = "", second = ""] = words.filter((word) => !word.startsWith("-"));
  if (first === "run" || first === "run-script") return known(second);
  if (first === "test" || first === "t") return known("test");
  return program === "npm" ? [] : known(first);
}
