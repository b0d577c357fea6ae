import { seededChance, type Chance } from "../../src/eval/statistics/chance.ts";
import type { Program, Statement, Value } from "./program.ts";

/** How one language writes the program; `noise` comes where white space and comments mean nothing. */
export type Writing = {
  readonly id: string;
  readonly write: (program: Program, noise: Noise) => string;
};

/** Comments, blanks and parentheses that mean nothing, by chance. */
export type Noise = {
  /** Between two tokens of a line. */
  readonly gap: () => string;
  /** Between two statements: a line end and perhaps a comment or empty lines. */
  readonly lineEnd: (comment: string, indent: string) => string;
  readonly yes: () => boolean;
};

export function noiseOf(seed: number): Noise {
  const chance: Chance = seededChance(seed);
  const yes = (): boolean => chance.below(3) === 0;
  return {
    yes,
    gap: () => " ".repeat(chance.below(3)),
    lineEnd: (comment, indent) =>
      (yes() ? ` ${comment} note` : "") +
      "\n" +
      (yes() ? "\n" : "") +
      (yes() ? `${indent}${comment} more\n` : ""),
  };
}

function valueText(value: Value, noise: Noise, quote: string): string {
  const text = (() => {
    switch (value.kind) {
      case "word":
        return value.text;
      case "text":
        return quote + value.text + quote;
      case "both": {
        const side = (one: Value) =>
          one.kind === "both" ? `(${valueText(one, noise, quote)})` : valueText(one, noise, quote);
        return `${side(value.left)}${noise.gap()}${value.operator}${noise.gap()}${side(value.right)}`;
      }
    }
  })();
  return noise.yes() ? `(${text})` : text;
}

function callText(name: string, args: readonly Value[], noise: Noise, breaks: boolean): string {
  const texts = args.map((arg) => valueText(arg, noise, '"'));
  if (breaks && args.length > 0 && noise.yes())
    return `${name}(\n        ${texts.join(`${noise.gap()},\n  `)})`;
  return `${name}(${noise.gap()}${texts.join(`,${noise.gap()}`)}${noise.gap()})`;
}

const python: Writing = {
  id: "python",
  write: (program, noise) => {
    const step = " ".repeat(noise.yes() ? 2 : 4);
    const block = (all: readonly Statement[], indent: string): string =>
      all.map((one) => indent + text(one, indent)).join("");
    const text = (one: Statement, indent: string): string => {
      const end = noise.lineEnd("#", indent);
      const inner = indent + step;
      switch (one.kind) {
        case "call":
          return callText(one.name, one.args, noise, true) + end;
        case "set":
          return `${one.name}${noise.gap()}=${noise.gap()}${valueText(one.value, noise, '"')}${end}`;
        case "if": {
          const otherwise =
            one.otherwise.length === 0 ? "" : `${indent}else:\n${block(one.otherwise, inner)}`;
          return `if ${valueText(one.test, noise, '"')}:${end}${block(one.inside, inner)}${otherwise}`;
        }
      }
    };
    return program
      .map(({ name, body }) => {
        const docstring = noise.yes() ? `${step}"""What it does."""${noise.lineEnd("#", step)}` : "";
        return `def ${name}(${noise.gap()}):${noise.lineEnd("#", step)}${docstring}${block(body, step)}`;
      })
      .join("");
  },
};

type Braces = {
  readonly id: string;
  readonly routine: (name: string, body: string) => string;
  readonly file: (routines: string) => string;
  readonly set: string;
  readonly end: string;
  readonly test: (value: string, noise: Noise) => string;
};

/** The languages whose blocks are in braces; `//` begins their comments. */
const braces = ({ id, routine, file, set, end, test }: Braces): Writing => ({
  id,
  write: (program, noise) => {
    const block = (all: readonly Statement[]): string =>
      `{${noise.lineEnd("//", "")}${all.map(text).join("")}}`;
    const text = (one: Statement): string => {
      const indent = noise.gap();
      switch (one.kind) {
        case "call":
          return `${indent}${callText(one.name, one.args, noise, true)}${end}${noise.lineEnd("//", indent)}`;
        case "set":
          return `${indent}${one.name}${noise.gap()}${set}${noise.gap()}${valueText(one.value, noise, '"')}${end}${noise.lineEnd("//", indent)}`;
        case "if": {
          const otherwise = one.otherwise.length === 0 ? "" : ` else ${block(one.otherwise)}`;
          const comment = noise.yes() ? "/* why */ " : "";
          return `${indent}if ${test(valueText(one.test, noise, '"'), noise)} ${comment}${block(one.inside)}${otherwise}\n`;
        }
      }
    };
    return file(program.map(({ name, body }) => routine(name, block(body))).join("\n"));
  },
});

export const writings: readonly Writing[] = [
  python,
  braces({
    id: "javascript",
    routine: (name, body) => `/** What it does. */\nfunction ${name}() ${body}\n`,
    file: (routines) => routines,
    set: "=",
    end: ";",
    test: (value) => `(${value})`,
  }),
  braces({
    id: "go",
    routine: (name, body) => `// What it does.\nfunc ${name}() ${body}\n`,
    file: (routines) => `package p\n\n${routines}`,
    set: "=",
    end: "",
    test: (value, noise) => (noise.yes() ? `(${value})` : value),
  }),
  braces({
    id: "java",
    routine: (name, body) => `/** What it does. */\nvoid ${name}() ${body}\n`,
    file: (routines) => `class A {\n${routines}}\n`,
    set: "=",
    end: ";",
    test: (value) => `(${value})`,
  }),
];
