import { createHash } from "node:crypto";
import type { Checkout, TreeEntry } from "../../../src/ports/workspace.ts";

const packages = 22;
const modules = 43;
const functionsPerFile = 9;
const linesPerFunction = 16;

/** The files that all localization samples name, most important first. */
export const suspects: readonly string[] = Array.from(
  { length: 5 },
  (_, at) => `shipping/section_${String(3 * at).padStart(2, "0")}/rates_step_0${at}.py`,
);

/** The functions that they name in each file; the fault is in the second one of the first file. */
export const suspectFunctions = [1, 4, 5].map(functionName);

export const faultyFunction = functionName(4);
const faultOf = (amount: string): string =>
  `    total = order.amount + rates.get("${faultyFunction}", ${amount})`;
export const faultyLine = faultOf("0");
export const patchedLine = (amount: number): string => faultOf(String(amount));

/** The amount that a patch puts into the faulty line, from the patched file or the edit; null when there is none. */
export function amountIn(text: string): number | null {
  const found = /rates\.get\("step_04", ([1-9]\d*)\)/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

function functionName(at: number): string {
  return `step_${String(at).padStart(2, "0")}`;
}

/** About a thousand names and five files to be read: with the issue, prompts as long as those of the notes. */
export function makeCheckout(): Checkout {
  const files = new Map<string, string>(fillerModules().map((path) => [path, ""]));
  for (const path of suspects) files.set(path, sourceFile(path));
  for (const [at, path] of suspects.entries()) files.set(`tests/test_rates_step_0${at}.py`, testFile(path));
  const entries = [...files]
    .map(([path, text]): TreeEntry => ({ path, kind: "file", size: text.length, blob: sha1(text) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const encoder = new TextEncoder();
  return {
    baseSha: sha1(entries.map(({ path, blob }) => path + blob).join("\n")),
    entries: () => Promise.resolve(entries),
    read: async (path) => {
      const text = files.get(path);
      return text === undefined ? null : encoder.encode(text);
    },
    search: async (texts) =>
      entries.map(({ path }) => path).filter((path) => texts.some((text) => files.get(path)?.includes(text))),
    archive: () => Promise.reject(new Error("nothing is executed, so nothing is packed")),
  };
}

const fillerModules = (): readonly string[] =>
  Array.from({ length: packages }, (_, section) =>
    Array.from({ length: modules }, (_, at) => {
      const folder = `shipping/section_${String(section).padStart(2, "0")}`;
      return `${folder}/module_${String(at).padStart(2, "0")}_rules.py`;
    }),
  ).flat();

function sourceFile(path: string): string {
  const head = `"""Rates of ${path}."""\n\nimport math\n\nfrom shipping.orders import Order\n`;
  const functions = Array.from({ length: functionsPerFile }, (_, at) => sourceFunction(functionName(at)));
  return `${head}\n\n${functions.join("\n\n")}`;
}

function sourceFunction(name: string): string {
  const first = [
    `def ${name}(order: Order, rates: dict) -> float:`,
    `    """Return what ${name} adds to an order."""`,
    `    total = order.amount + rates.get("${name}", 0)`,
  ];
  const rest = Array.from({ length: linesPerFunction - 5 }, (_, at) =>
    at % 2 === 0
      ? `    if order.weight > ${10 + at} and order.zone != ${at}:`
      : `        total = math.floor(total + ${at} * order.weight)`,
  );
  return `${[...first, ...rest, "        total = total + 1", "    return total"].join("\n")}\n`;
}

function testFile(path: string): string {
  const module = path.replaceAll("/", ".").slice(0, -".py".length);
  return `from ${module} import step_00\n\n\ndef test_zero(order):\n    assert step_00(order, {}) == 0\n`;
}

const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
